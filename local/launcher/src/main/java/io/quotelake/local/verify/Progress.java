package io.quotelake.local.verify;

import java.util.Map;

/**
 * How far a running job has published, by its own figures. What it has not published yet is
 * waiting, not missing.
 *
 * @param job its id, for the report
 * @param publishedTo by partition: every record before this offset is a visible row or a committed
 *     dead letter. A partition without an entry is not read yet
 * @param recoveredFiles files that were open when the job was restored, and are not published yet:
 *     any record may be in one of them
 */
public record Progress(String job, Map<Integer, Long> publishedTo, long recoveredFiles) {

    /** Where a waiting record is, for the report. */
    String whatWaits() {
        return "job %s has not published it yet%s"
                .formatted(
                        job,
                        recoveredFiles == 0
                                ? ""
                                : " (it still holds %,d files from before its last start; once they have ended, it says more)"
                                        .formatted(recoveredFiles));
    }

    /** Whether a record may be on its way through the job. */
    boolean isWaiting(int partition, long offset) {
        return offset >= firstWaiting(partition);
    }

    /** The first offset of a partition that may be on its way. */
    long firstWaiting(int partition) {
        return recoveredFiles > 0 ? 0 : publishedTo.getOrDefault(partition, 0L);
    }
}
