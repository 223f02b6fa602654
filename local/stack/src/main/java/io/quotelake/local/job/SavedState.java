package io.quotelake.local.job;

/**
 * A completed checkpoint or savepoint.
 *
 * @param checkpoint its number: numbers rise in the life of a job, also over its resumptions, and
 *     those of savepoints with them. Clocks and names say nothing of the kind
 * @param location as {@code flink run -s} takes it
 */
public record SavedState(long checkpoint, String location) {}
