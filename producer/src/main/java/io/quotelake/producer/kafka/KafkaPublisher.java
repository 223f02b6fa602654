package io.quotelake.producer.kafka;

import io.quotelake.producer.csv.Quote;
import io.quotelake.producer.feed.Publisher;
import io.quotelake.producer.terminal.RunException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;

/**
 * Sends quotes with an idempotent producer: a retry never doubles a row, and the rows of one index
 * stay in order.
 */
class KafkaPublisher implements Publisher {

    /** How long Ctrl-C waits for a broker that doesn't answer. */
    private static final Duration HURRY = Duration.ofSeconds(10);

    private static final long MILLIS_PER_DAY = TimeUnit.DAYS.toMillis(1);

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final boolean timestampFromDate;
    private final Metric retries;
    private final Callback onDelivery =
            (metadata, exception) -> {
                if (exception == null) {
                    delivered();
                } else {
                    failed(exception);
                }
            };

    private volatile long delivered;
    private volatile Exception failure;

    /**
     * @param timestampFromDate whether a record's timestamp is the trading day instead of the time
     *     of sending
     */
    KafkaPublisher(
            KafkaProducer<byte[], byte[]> producer, String topic, boolean timestampFromDate) {
        this.producer = producer;
        this.topic = topic;
        this.timestampFromDate = timestampFromDate;
        this.retries =
                producer.metrics().values().stream()
                        .filter(metric -> metric.metricName().name().equals("record-retry-total"))
                        .filter(metric -> metric.metricName().group().equals("producer-metrics"))
                        .findFirst()
                        .orElseThrow();
    }

    @Override
    public void publish(Quote quote, long pass, long row) {
        send(new ProducerRecord<>(topic, null, timestamp(quote), quote.key(), quote.json()));
    }

    /** Kafka has no time before 1970: earlier days become its first millisecond. */
    final Long timestamp(Quote quote) {
        return timestampFromDate && quote.hasDate()
                ? Long.valueOf(Math.max(0, quote.epochDay() * MILLIS_PER_DAY))
                : null;
    }

    final void send(ProducerRecord<byte[], byte[]> message) {
        checkFailure();
        try {
            producer.send(message, onDelivery);
        } catch (KafkaException e) {
            failed(e);
            checkFailure();
        }
    }

    /** Called by the producer's one sender thread only. */
    @SuppressWarnings("NonAtomicOperationOnVolatileField")
    private void delivered() {
        delivered++;
    }

    final void failed(Exception exception) {
        if (failure == null) {
            failure = exception;
        }
    }

    final void checkFailure() {
        if (failure != null) {
            throw new RunException(
                    "delivery to %s failed after %,d rows were acknowledged: %s"
                            .formatted(topic, acknowledged(), KafkaCluster.reason(failure)),
                    failure);
        }
    }

    @Override
    public void finish(boolean hurry) {
        if (!hurry) {
            producer.flush();
        }
        producer.close(hurry ? HURRY : Duration.ofMillis(Long.MAX_VALUE));
        checkFailure();
    }

    @Override
    public long acknowledged() {
        return delivered;
    }

    @Override
    public long retries() {
        return ((Number) retries.metricValue()).longValue();
    }
}
