package io.quotelake.verifier.verify;

import java.util.Map;

/**
 * How far a job has published: by its own figures while it runs, and by the table's owner object
 * once it has ended. What it has not published yet is waiting, not missing.
 *
 * @param job its id, for the report
 * @param publishedTo by partition: every record before this offset is a visible row or a committed
 *     dead letter. A partition without an entry is not read yet
 * @param recoveredFiles files that were open when the job was restored, and are not published yet:
 *     any record may be in one of them
 * @param readTo of a job that has ended, by partition: what its checkpoint or savepoint holds ends
 *     before this offset. No entry where that is not known, as while the job runs
 */
public record Progress(
        String job,
        Map<Integer, Long> publishedTo,
        long recoveredFiles,
        Map<Integer, Long> readTo) {

    /** Of a job that runs. */
    public static Progress running(
            String job, Map<Integer, Long> publishedTo, long recoveredFiles) {
        return new Progress(job, publishedTo, recoveredFiles, Map.of());
    }

    /** Of a job that has ended. */
    public static Progress ended(
            String job, Map<Integer, Long> publishedTo, Map<Integer, Long> readTo) {
        return new Progress(job, publishedTo, 0, readTo);
    }

    /** Where a waiting record is, for the report. */
    String whatWaits() {
        if (!readTo.isEmpty()) {
            return "job %s ended before it published it, and will once it is resumed"
                    .formatted(job);
        }
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

    /** From this offset of a partition on the job holds nothing. */
    long firstUnread(int partition) {
        return readTo.getOrDefault(partition, Long.MAX_VALUE);
    }
}
