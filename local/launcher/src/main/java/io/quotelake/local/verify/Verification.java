package io.quotelake.local.verify;

import java.time.Instant;
import java.util.Map;

/**
 * What is compared with what.
 *
 * @param kafka Kafka client properties, with {@code bootstrap.servers}
 * @param since only records from this time on are judged, as a job started with this {@code
 *     --start-from}; null for all
 * @param granularity of the date partition; null for the one that most objects have
 * @param mostRecordBytes larger values are dead letters, whatever they hold
 * @param mostFindings how many findings are kept for the report; all are counted
 */
public record Verification(
        Map<String, Object> kafka,
        String topic,
        String deadLetterTopic,
        Instant since,
        Granularity granularity,
        long mostRecordBytes,
        int mostFindings) {}
