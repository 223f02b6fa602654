package io.quotelake.verifier.verify;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What is compared with what.
 *
 * @param kafka Kafka client properties, with {@code bootstrap.servers}
 * @param since only records from this time on are judged, as a job started with this {@code
 *     --start-from}; null for all
 * @param until where judging ends
 * @param progress how far the job has published that writes the table; nothing if none runs
 * @param granularity of the date partition; null for the one that most objects have
 * @param mostRecordBytes larger values are dead letters, whatever they hold
 * @param mostFindings how many findings are kept for the report; all are counted
 */
public record Verification(
        Map<String, Object> kafka,
        String topic,
        String deadLetterTopic,
        Instant since,
        Until until,
        Optional<Progress> progress,
        Granularity granularity,
        long mostRecordBytes,
        int mostFindings) {

    /** The job's default: larger records are dead letters. */
    private static final long MAX_RECORD_BYTES = 1 << 20;

    /** Of all that a topic has, as a job with default options writes it, and no job runs. */
    public static Verification of(Map<String, Object> kafka, String topic, int mostFindings) {
        return new Verification(
                kafka,
                topic,
                topic + ".dead-letters",
                null,
                Until.LATEST,
                Optional.empty(),
                null,
                MAX_RECORD_BYTES,
                mostFindings);
    }
}
