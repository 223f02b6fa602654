package io.quotelake.job.source;

import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.enumerator.SplitAndAssignmentStatus;

/**
 * What a checkpoint keeps of {@link TopicEnumerator}.
 *
 * @param topic the topic that is read; null in a state of version 0.1.0
 * @param partitions the connector's own state
 */
public record TopicState(TopicIdentity topic, KafkaSourceEnumState partitions) {

    /**
     * Checks that this is the state of a topic, as far as it says.
     *
     * @throws io.quotelake.job.task.Refusal if it is of another one
     */
    void requireOf(TopicIdentity expected) {
        if (topic != null) {
            expected.requireRestored(topic);
            return;
        }
        for (SplitAndAssignmentStatus split : partitions.splits()) {
            expected.requireRestored(new TopicIdentity(split.split().getTopic(), null));
        }
    }
}
