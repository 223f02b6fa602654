package io.quotelake.job.source;

import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a run without a checkpoint begins, as numbers: a checkpoint then knows the position of each
 * partition before its first record was read. None of them is ever reset: a position that the topic
 * doesn't have is for {@link CheckedSplitReader} to judge.
 */
public final class StartingOffsets implements OffsetsInitializer {

    private static final long serialVersionUID = 1L;

    private interface Lookup extends Serializable {
        Map<TopicPartition, Long> find(
                Collection<TopicPartition> partitions, PartitionOffsetsRetriever topic);
    }

    private final Lookup lookup;

    private StartingOffsets(Lookup lookup) {
        this.lookup = lookup;
    }

    /** The first offset that each partition retains. */
    public static StartingOffsets earliest() {
        return new StartingOffsets((partitions, topic) -> topic.beginningOffsets(partitions));
    }

    /** The end of each partition. */
    public static StartingOffsets latest() {
        return new StartingOffsets((partitions, topic) -> topic.endOffsets(partitions));
    }

    /**
     * The first record of this time or later, else the end of the partition.
     *
     * @param timestamp in milliseconds since 1970
     */
    public static StartingOffsets timestamp(long timestamp) {
        OffsetsInitializer byTime = OffsetsInitializer.timestamp(timestamp);
        return new StartingOffsets(byTime::getPartitionOffsets);
    }

    /** The offset that the group has committed, else the first one that is retained. */
    public static StartingOffsets committed() {
        return new StartingOffsets(
                (partitions, topic) -> {
                    Map<TopicPartition, Long> offsets =
                            new HashMap<>(topic.committedOffsets(partitions));
                    Set<TopicPartition> uncommitted = new HashSet<>(partitions);
                    uncommitted.removeAll(offsets.keySet());
                    if (!uncommitted.isEmpty()) {
                        offsets.putAll(topic.beginningOffsets(uncommitted));
                    }
                    return offsets;
                });
    }

    @Override
    public Map<TopicPartition, Long> getPartitionOffsets(
            Collection<TopicPartition> partitions, PartitionOffsetsRetriever topic) {
        return lookup.find(partitions, topic);
    }

    @Override
    public OffsetResetStrategy getAutoOffsetResetStrategy() {
        return OffsetResetStrategy.NONE;
    }
}
