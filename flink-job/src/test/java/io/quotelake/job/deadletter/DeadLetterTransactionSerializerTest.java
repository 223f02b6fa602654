package io.quotelake.job.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quotelake.job.owner.Stamp;
import io.quotelake.job.quote.DeadLetter;
import java.util.Properties;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class DeadLetterTransactionSerializerTest {

    private static final KafkaCommittable HANDLE =
            new KafkaCommittable(4711, (short) 3, "quotelake/dead/group/-0-1", null);

    private static final DeadLetterTransaction TRANSACTION =
            new DeadLetterTransaction(
                    HANDLE,
                    12,
                    "stock_market-3@1207",
                    "stock_market-0@99",
                    2,
                    1_000_000_000_000L,
                    new Stamp("a", 7, 3, "s3://bucket/a table"));

    private final SimpleVersionedSerializer<KafkaCommittable> connector =
            KafkaSink.<DeadLetter>builder()
                    .setKafkaProducerConfig(new Properties())
                    .setBootstrapServers("unused:9092")
                    .setRecordSerializer(new DeadLetterSerializer("dead", 10_000))
                    .build()
                    .getCommittableSerializer();

    private final DeadLetterTransactionSerializer serializer =
            new DeadLetterTransactionSerializer(connector);

    @Test
    void aTransactionComesBackAsItWas() throws Exception {
        byte[] bytes = serializer.serialize(TRANSACTION);

        assertThat(serializer.deserialize(serializer.getVersion(), bytes)).isEqualTo(TRANSACTION);
    }

    @Test
    void theConnectorsOwnStateIsReadWithAnUnknownNumberOfLetters() throws Exception {
        byte[] bytes = connector.serialize(HANDLE);

        DeadLetterTransaction read = serializer.deserialize(connector.getVersion(), bytes);

        assertThat(read.kafka()).isEqualTo(HANDLE);
        assertThat(read.letters()).isEqualTo(-1);
        assertThat(read.description()).contains("unknown number");
    }

    @Test
    void stateWithoutARoundIsRead() throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(128);
        out.writeInt(12);
        out.writeUTF("a-0@1");
        out.writeUTF("a-0@9");
        out.writeInt(2);
        out.writeLong(42);
        byte[] handle = connector.serialize(HANDLE);
        out.writeInt(connector.getVersion());
        out.writeInt(handle.length);
        out.write(handle);

        assertThat(serializer.deserialize(1_001, out.getCopyOfBuffer()))
                .isEqualTo(new DeadLetterTransaction(HANDLE, 12, "a-0@1", "a-0@9", 2, 42, null));
    }

    @Test
    void stateOfALaterVersionIsRefused() {
        assertThatThrownBy(() -> serializer.deserialize(serializer.getVersion() + 1, new byte[0]))
                .hasMessageContaining("newer job");
    }
}
