package io.quotelake.job.source;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a reader has emitted its partitions. The connector's own state names the offset after the
 * last record; behind it there may be offsets without a record, of transaction markers or of what a
 * compaction removed, and when those are deleted nothing is lost.
 *
 * <p>Used by the task's thread only.
 */
final class ReadProgress {

    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private boolean emittedSinceCheck;

    /** Records are about to be emitted. */
    void emitting() {
        emittedSinceCheck = true;
    }

    /** All that was polled before these positions has been emitted. */
    void emittedUpTo(Map<TopicPartition, Long> reached) {
        positions.putAll(reached);
    }

    /** Whether anything was emitted since this was asked last. */
    boolean takeEmittedSinceCheck() {
        boolean emitted = emittedSinceCheck;
        emittedSinceCheck = false;
        return emitted;
    }

    /** A split as the connector would keep it, moved over offsets that hold no record. */
    KafkaPartitionSplit advance(KafkaPartitionSplit split) {
        long position = positions.getOrDefault(split.getTopicPartition(), -1L);
        return position <= split.getStartingOffset() ? split : at(split, position);
    }

    /** The same split at another position. */
    static KafkaPartitionSplit at(KafkaPartitionSplit split, long position) {
        return new KafkaPartitionSplit(
                split.getTopicPartition(),
                position,
                split.getStoppingOffset().orElse(KafkaPartitionSplit.NO_STOPPING_OFFSET));
    }
}
