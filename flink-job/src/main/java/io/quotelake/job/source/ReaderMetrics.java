package io.quotelake.job.source;

import org.apache.flink.connector.kafka.source.metrics.KafkaSourceReaderMetrics;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * The figures of a Kafka reader, and of the records that it could not read any more. The connector
 * keeps its consumer to itself, but for these figures.
 */
final class ReaderMetrics extends KafkaSourceReaderMetrics {

    private final Counter lostRecords;
    private KafkaConsumer<?, ?> consumer;

    ReaderMetrics(SourceReaderMetricGroup metrics) {
        super(metrics);
        lostRecords = metrics.counter("lostRecords");
    }

    @Override
    public void registerNumBytesIn(KafkaConsumer<?, ?> newConsumer) {
        consumer = newConsumer;
        super.registerNumBytesIn(newConsumer);
    }

    /** The one whose figures were registered last, while the split reader around it is made. */
    KafkaConsumer<?, ?> consumer() {
        return consumer;
    }

    /** Called by the fetcher's thread only. */
    void lost(long records) {
        lostRecords.inc(records);
    }
}
