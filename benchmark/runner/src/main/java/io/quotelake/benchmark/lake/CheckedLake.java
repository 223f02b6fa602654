package io.quotelake.benchmark.lake;

import java.time.Instant;

/**
 * A lake that holds each row of a feed as often as it was sent, and nothing else.
 *
 * @param rows how many rows it holds
 * @param files in how many objects
 * @param bytes their sizes together
 * @param strays further objects that a reader of the folders would meet, such as temporary ones
 * @param firstVisible when the first object appeared in the bucket
 * @param lastVisible when the last object appeared in the bucket
 */
public record CheckedLake(
        long rows,
        long files,
        long bytes,
        long strays,
        Instant firstVisible,
        Instant lastVisible) {}
