package io.quotelake.local.job;

import java.util.List;
import java.util.Locale;

/** What writes the job's files to S3, as its option {@code --s3-writer} names it. */
public enum S3Writer {
    /** The job itself, which keeps small unfinished files in Flink's state. */
    QUOTELAKE,

    /** Flink's own file system plugin. */
    FLINK;

    /** The job's option. */
    public List<String> jobOptions() {
        return List.of("--s3-writer", name().toLowerCase(Locale.ROOT));
    }
}
