package io.quotelake.benchmark.testbed;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/** When a topic was written, by the broker's clock. */
public final class TopicClock {
    private final String bootstrapServers;
    private final String topic;

    public TopicClock(String bootstrapServers, String topic) {
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
    }

    /** Lets the broker set the timestamps of all further records. */
    public void useBrokersTime() {
        ConfigEntry brokersTime = new ConfigEntry("message.timestamp.type", "LogAppendTime");
        try (Admin admin = admin()) {
            get(
                    admin.incrementalAlterConfigs(
                                    Map.of(
                                            new ConfigResource(ConfigResource.Type.TOPIC, topic),
                                            List.of(
                                                    new AlterConfigOp(
                                                            brokersTime,
                                                            AlterConfigOp.OpType.SET))))
                            .all());
        }
    }

    /** How many records it holds. */
    public long rows() {
        return offsets(OffsetSpec.latest()).values().stream()
                .mapToLong(ListOffsetsResultInfo::offset)
                .sum();
    }

    /** From the first record's timestamp to the last one's. */
    public double seconds() {
        long first =
                offsets(OffsetSpec.forTimestamp(0)).values().stream()
                        .mapToLong(ListOffsetsResultInfo::timestamp)
                        .filter(millis -> millis >= 0)
                        .min()
                        .orElseThrow();
        long last =
                offsets(OffsetSpec.maxTimestamp()).values().stream()
                        .mapToLong(ListOffsetsResultInfo::timestamp)
                        .max()
                        .orElseThrow();
        return (last - first) / 1e3;
    }

    private Map<TopicPartition, ListOffsetsResultInfo> offsets(OffsetSpec which) {
        try (Admin admin = admin()) {
            var description = get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
            return get(
                    admin.listOffsets(
                                    description.partitions().stream()
                                            .collect(
                                                    Collectors.toMap(
                                                            one ->
                                                                    new TopicPartition(
                                                                            topic, one.partition()),
                                                            one -> which)))
                            .all());
        }
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
