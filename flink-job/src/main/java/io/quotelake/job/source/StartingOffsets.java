package io.quotelake.job.source;

import io.quotelake.job.task.Refusal;
import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
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

    /**
     * The offset that the group has committed. A partition without one must be empty: to read it
     * from its beginning would be a guess, and so would be to leave its records out.
     */
    public static StartingOffsets committed() {
        return new StartingOffsets(
                (partitions, topic) -> {
                    Map<TopicPartition, Long> offsets =
                            new HashMap<>(topic.committedOffsets(partitions));
                    Set<TopicPartition> uncommitted = new HashSet<>(partitions);
                    uncommitted.removeAll(offsets.keySet());
                    if (!uncommitted.isEmpty()) {
                        offsets.putAll(ofEmptyPartitions(uncommitted, topic));
                    }
                    return offsets;
                });
    }

    private static Map<TopicPartition, Long> ofEmptyPartitions(
            Set<TopicPartition> uncommitted, PartitionOffsetsRetriever topic) {
        Map<TopicPartition, Long> begins = topic.beginningOffsets(uncommitted);
        Map<TopicPartition, Long> ends = topic.endOffsets(uncommitted);
        for (TopicPartition partition : uncommitted) {
            if (begins.get(partition) < ends.get(partition)) {
                throw new Refusal(
                        String.format(
                                Locale.ROOT,
                                "The group has committed no offset of partition %d of the topic '%s', which has records:"
                                        + " --start-from committed needs one. Set it with kafka-consumer-groups --reset-offsets,"
                                        + " name the group that has it with --group-id, or start from earliest, latest or a time",
                                partition.partition(),
                                partition.topic()));
            }
        }
        return begins;
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
