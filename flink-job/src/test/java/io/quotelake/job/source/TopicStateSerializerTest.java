package io.quotelake.job.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumStateSerializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicStateSerializerTest {

    private static final TopicStateSerializer SERIALIZER = new TopicStateSerializer();

    private static KafkaSourceEnumState partitions() {
        return new KafkaSourceEnumState(
                List.of(new KafkaPartitionSplit(new TopicPartition("stock_market", 3), 1_207)),
                List.of(),
                true);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = "Hsz4ZzgTSlqxUZNWFvqdqA")
    void whatIsWrittenIsRead(String id) throws IOException {
        TopicIdentity topic = new TopicIdentity("stock_market", id);

        TopicState read =
                SERIALIZER.deserialize(
                        SERIALIZER.getVersion(),
                        SERIALIZER.serialize(new TopicState(topic, partitions())));

        assertThat(read.topic()).isEqualTo(topic);
        assertThat(read.partitions().assignedSplits())
                .containsExactlyElementsOf(partitions().assignedSplits());
        assertThat(read.partitions().initialDiscoveryFinished()).isTrue();
    }

    @Test
    void theConnectorsOwnStateIsRead() throws IOException {
        KafkaSourceEnumStateSerializer connector = new KafkaSourceEnumStateSerializer();

        TopicState read =
                SERIALIZER.deserialize(connector.getVersion(), connector.serialize(partitions()));

        assertThat(read.topic()).isNull();
        assertThat(read.partitions().assignedSplits())
                .containsExactlyElementsOf(partitions().assignedSplits());
    }

    @Test
    void aLaterVersionIsRefusedByName() {
        int later = SERIALIZER.getVersion() + 1;

        assertThatThrownBy(() -> SERIALIZER.deserialize(later, new byte[0]))
                .hasMessageContaining("version " + later);
    }
}
