package io.quotelake.job.source;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Hands Kafka's records on as they came. Nothing is decoded here: an exception in a deserialiser
 * would restart the job, and no record may do that.
 */
public class SourceRecordDeserializer implements KafkaRecordDeserializationSchema<SourceRecord> {

    private static final long serialVersionUID = 1L;

    private transient SourceRecord reused;

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> kafka, Collector<SourceRecord> out) {
        if (reused == null) {
            reused = new SourceRecord();
        }
        reused.topic = kafka.topic();
        reused.partition = kafka.partition();
        reused.offset = kafka.offset();
        reused.timestamp = kafka.timestamp();
        reused.key = kafka.key();
        reused.value = kafka.value();
        copyHeaders(kafka.headers().toArray(), reused);
        out.collect(reused);
    }

    private static void copyHeaders(Header[] headers, SourceRecord record) {
        if (headers.length == 0) {
            record.clearHeaders();
            return;
        }
        record.headerNames = new String[headers.length];
        record.headerValues = new byte[headers.length][];
        for (int i = 0; i < headers.length; i++) {
            record.headerNames[i] = headers[i].key();
            record.headerValues[i] = headers[i].value();
        }
    }

    @Override
    public TypeInformation<SourceRecord> getProducedType() {
        return TypeInformation.of(SourceRecord.class);
    }
}
