package io.quotelake.job.pause;

import org.apache.flink.metrics.Counter;

/** For how many completed checkpoints in a row no record has been read. */
final class ReadingProgress {

    private final Counter recordsRead;
    private long recordsAtLastCheckpoint;
    private volatile long checkpointsWithoutRecords;

    ReadingProgress(Counter recordsRead) {
        this.recordsRead = recordsRead;
        this.recordsAtLastCheckpoint = recordsRead.getCount();
    }

    /** Called by the task's thread. */
    void checkpointCompleted() {
        long records = recordsRead.getCount();
        checkpointsWithoutRecords =
                records == recordsAtLastCheckpoint ? checkpointsWithoutRecords + 1 : 0;
        recordsAtLastCheckpoint = records;
    }

    /** 0 while records come, and as long as no checkpoint has completed. */
    long checkpointsWithoutRecords() {
        return checkpointsWithoutRecords;
    }
}
