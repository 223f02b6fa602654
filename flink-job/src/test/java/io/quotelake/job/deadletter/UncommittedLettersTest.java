package io.quotelake.job.deadletter;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.internal.FlinkKafkaInternalProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UncommittedLettersTest {

    private final AtomicLong now = new AtomicLong();
    private final UncommittedLetters letters =
            new UncommittedLetters(Duration.ofMinutes(15), now::get);
    private final FlinkKafkaInternalProducer<byte[], byte[]> producer = producer();

    private static FlinkKafkaInternalProducer<byte[], byte[]> producer() {
        Properties properties = new Properties();
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
        properties.put(
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        properties.put(
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        return new FlinkKafkaInternalProducer<>(properties, "quotelake/dead/group/-0-1");
    }

    @AfterEach
    void close() {
        producer.close();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private void addOpen() {
        producer.resumeTransaction(7, (short) 0);
        KafkaCommittable handle =
                new KafkaCommittable(7, (short) 0, producer.getTransactionalId(), producer);
        letters.add(new DeadLetterTransaction(handle, 5, "a-0@1", "a-0@5", 0, 42, null), now.get());
    }

    @Test
    void lettersThatWaitTooLongEndTheAttemptBeforeTheBrokerDropsThem() throws Exception {
        addOpen();
        pass(Duration.ofMinutes(9));
        letters.check();

        pass(Duration.ofMinutes(2));

        assertThatThrownBy(letters::check)
                .hasMessageContaining("5 dead letters, of the records a-0@1 to a-0@5")
                .hasMessageContaining("660 s")
                .hasMessageContaining("15 min");
    }

    @Test
    void lettersWhoseTransactionIsOverAreForgotten() throws Exception {
        addOpen();
        producer.close();
        pass(Duration.ofHours(1));

        letters.check();
    }
}
