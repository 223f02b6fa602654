package io.quotelake.job.deadletter;

import org.apache.flink.connector.kafka.sink.KafkaWriterState;

/**
 * What a checkpoint keeps of {@link DeadLetterWriter}.
 *
 * @param kafka the connector's own state
 * @param run the token of the run that wrote it; empty in state that was written without one
 */
record DeadLetterState(KafkaWriterState kafka, String run) {}
