package io.quotelake.job.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quotelake.job.quote.DeadLetter;
import java.util.List;
import java.util.Properties;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.internal.TransactionOwnership;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.junit.jupiter.api.Test;

class DeadLetterStateSerializerTest {

    private static final KafkaWriterState CONNECTORS =
            new KafkaWriterState(
                    "quotelake/dead/",
                    1,
                    2,
                    TransactionOwnership.EXPLICIT_BY_WRITER_STATE,
                    List.of());

    private final SimpleVersionedSerializer<KafkaWriterState> connector =
            KafkaSink.<DeadLetter>builder()
                    .setKafkaProducerConfig(new Properties())
                    .setBootstrapServers("unused:9092")
                    .setRecordSerializer(new DeadLetterSerializer("dead", 10_000))
                    .build()
                    .getWriterStateSerializer();

    private final DeadLetterStateSerializer serializer = new DeadLetterStateSerializer(connector);

    @Test
    void aStateComesBackAsItWas() throws Exception {
        DeadLetterState state = new DeadLetterState(CONNECTORS, "a");

        assertThat(serializer.deserialize(serializer.getVersion(), serializer.serialize(state)))
                .isEqualTo(state);
    }

    @Test
    void theConnectorsOwnStateIsReadAndNamesNoRun() throws Exception {
        assertThat(serializer.deserialize(connector.getVersion(), connector.serialize(CONNECTORS)))
                .isEqualTo(new DeadLetterState(CONNECTORS, ""));
    }

    @Test
    void stateOfALaterVersionIsRefused() {
        assertThatThrownBy(() -> serializer.deserialize(serializer.getVersion() + 1, new byte[0]))
                .hasMessageContaining("newer job");
    }
}
