package io.quotelake.verifier.verify;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a verification came to.
 *
 * @param offsets of each partition that were judged, as {@code 0:[FROM,TO)}
 * @param records committed records that were judged
 * @param quotes how many of them are valid quotes
 * @param deadLetters dead letters of this topic
 * @param objects part files in the lake
 * @param rows lines in the lake
 * @param rowsNoLongerRetained rows and dead letters whose records the topic no longer retains, or
 *     that are older than asked
 * @param rowsNewer rows and dead letters of records that came while the verification ran
 * @param recordsNotJudged invalid records whose dead letters may have expired
 * @param offsetsNotJudged offsets that neither topic nor lake has, which need not have been records
 * @param counts how many rows or objects there are of each kind that was found at all
 * @param findings the first of them; a range of offsets is one
 * @param hasAllFindings whether there are no more than these
 */
public record Report(
        String topic,
        String offsets,
        long records,
        long quotes,
        long deadLetters,
        long objects,
        long rows,
        Granularity granularity,
        long rowsNoLongerRetained,
        long rowsNewer,
        long recordsNotJudged,
        long offsetsNotJudged,
        Map<Finding.Kind, Long> counts,
        List<Finding> findings,
        boolean hasAllFindings) {

    /** Whether nothing was found, and nothing waits. */
    public boolean isClean() {
        return counts.isEmpty();
    }

    /** Whether records wait to be published, and nothing is wrong. */
    public boolean isOnlyWaiting() {
        return counts.keySet().equals(Set.of(Finding.Kind.WAITING));
    }

    /**
     * Whether rows are missing or waiting and nothing else is wrong: a job that still runs may
     * publish them yet.
     */
    public boolean isOnlyMissing() {
        return !isClean()
                && Set.of(Finding.Kind.MISSING, Finding.Kind.WAITING).containsAll(counts.keySet());
    }

    /** The report as a person reads it; the last line is the verdict. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(
                "Topic %s: %,d committed records (%,d quotes, %,d others) at %s"
                        .formatted(topic, records, quotes, records - quotes, offsets));
        lines.add(
                "Lake: %,d rows in %,d part files, dates by %s; %,d dead letters"
                        .formatted(rows, objects, granularity, deadLetters));
        if (rowsNoLongerRetained > 0) {
            lines.add(
                    "Not judged: %,d rows or dead letters of offsets before these: the topic no longer has their records, or they were not asked for"
                            .formatted(rowsNoLongerRetained));
        }
        if (rowsNewer > 0) {
            lines.add(
                    "Not judged: %,d rows or dead letters newer than these offsets"
                            .formatted(rowsNewer));
        }
        if (recordsNotJudged > 0) {
            lines.add(
                    "Not judged: %,d records that are no quotes; the dead-letter topic no longer has its oldest letters"
                            .formatted(recordsNotJudged));
        }
        if (offsetsNotJudged > 0) {
            lines.add(
                    "Not judged: %,d offsets that neither the topic nor the lake has any more: markers of transactions, aborted or compacted records, or expired dead letters"
                            .formatted(offsetsNotJudged));
        }
        findings.forEach(finding -> lines.add(finding.toString()));
        if (!hasAllFindings) {
            lines.add(
                    "(the first %,d findings; a range of offsets is one)"
                            .formatted(findings.size()));
        }
        lines.add(verdict());
        return lines;
    }

    /** Writes the verdict with its time, for the dashboard. */
    public void save(Path file) throws IOException {
        new ObjectMapper()
                .writeValue(
                        file.toFile(),
                        Map.of(
                                "at", System.currentTimeMillis(),
                                "clean", isClean() || isOnlyWaiting(),
                                "verdict", verdict()));
    }

    private String verdict() {
        if (isClean()) {
            return "Verdict: clean. Every record %sis exactly one row or one dead letter, and nothing else is there."
                    .formatted(isAllJudged() ? "" : "that was judged ");
        }
        if (isOnlyWaiting()) {
            return "Verdict: clean so far. %,d records wait to be published; every other is exactly one row or one dead letter."
                    .formatted(counts.get(Finding.Kind.WAITING));
        }
        return "Verdict: NOT clean: "
                + counts.entrySet().stream()
                        .map(count -> "%,d %s".formatted(count.getValue(), count.getKey().word()))
                        .collect(Collectors.joining(", "));
    }

    private boolean isAllJudged() {
        return rowsNoLongerRetained + recordsNotJudged + offsetsNotJudged == 0;
    }
}
