package io.quotelake.job.source;

import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;

/**
 * What a checkpoint keeps of {@link TopicEnumerator}.
 *
 * @param topic the topic that is read; null in a state of version 0.1.0
 * @param partitions the connector's own state
 */
public record TopicState(TopicIdentity topic, KafkaSourceEnumState partitions) {}
