package io.quotelake.job.owner;

import java.util.Map;
import java.util.TreeMap;

/**
 * How far one task takes a table with a checkpoint that is complete, and published.
 *
 * @param subtask its index
 * @param parallelism how many tasks there are: only all of them together say how far the job is
 * @param checkpoint the checkpoint's number
 * @param published by partition: every record before this offset is a row in a visible file, or a
 *     committed dead letter
 * @param read by partition: the checkpoint holds what was read before this offset and is not
 *     published
 */
public record Reached(
        int subtask,
        int parallelism,
        long checkpoint,
        Map<Integer, Long> published,
        Map<Integer, Long> read) {

    public Reached {
        published = new TreeMap<>(published);
        read = new TreeMap<>(read);
    }
}
