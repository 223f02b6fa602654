package io.quotelake.job.lake;

import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.streaming.api.functions.sink.filesystem.PartFileInfo;
import org.apache.flink.streaming.api.functions.sink.filesystem.RollingPolicy;

/**
 * When a part file ends: at a size, an age, or after a time without rows, whichever is first; and
 * with the next checkpoint while memory for part files is scarce. It is published by the checkpoint
 * that follows.
 *
 * @param size files end when they have reached it
 * @param interval the oldest age of a file's first row
 * @param inactivity the longest time without a new row
 * @param checkpointInterval files that live no longer than this end with each checkpoint, so that
 *     none waits for the one after
 */
public record PartFileRolling(
        MemorySize size, Duration interval, Duration inactivity, Duration checkpointInterval)
        implements Serializable {

    private static final Duration MIN_CHECK_INTERVAL = Duration.ofMillis(100);
    private static final Duration MAX_CHECK_INTERVAL = Duration.ofSeconds(10);

    /** A file may outlive its age by this share of it. */
    private static final int CHECKS_PER_INTERVAL = 10;

    /** How often files are looked at. */
    Duration checkInterval() {
        Duration shorter = interval.compareTo(inactivity) < 0 ? interval : inactivity;
        Duration check = shorter.dividedBy(CHECKS_PER_INTERVAL);
        if (check.compareTo(MIN_CHECK_INTERVAL) < 0) {
            return MIN_CHECK_INTERVAL;
        }
        return check.compareTo(MAX_CHECK_INTERVAL) > 0 ? MAX_CHECK_INTERVAL : check;
    }

    /** Whether every file ends with every checkpoint. */
    public boolean isOnEveryCheckpoint() {
        return interval.compareTo(checkpointInterval) <= 0;
    }

    <T> RollingPolicy<T, String> toPolicy() {
        return new Policy<>(
                size.getBytes(), interval.toMillis(), inactivity.toMillis(), isOnEveryCheckpoint());
    }

    private record Policy<T>(
            long bytes, long intervalMillis, long inactivityMillis, boolean onEveryCheckpoint)
            implements RollingPolicy<T, String> {

        @Override
        public boolean shouldRollOnEvent(PartFileInfo<String> file, T row) throws IOException {
            return file.getSize() >= bytes;
        }

        @Override
        public boolean shouldRollOnCheckpoint(PartFileInfo<String> file) throws IOException {
            return onEveryCheckpoint || file.getSize() >= bytes || PluginFigures.isMemoryScarce();
        }

        @Override
        public boolean shouldRollOnProcessingTime(PartFileInfo<String> file, long now) {
            return now - file.getCreationTime() >= intervalMillis
                    || now - file.getLastUpdateTime() >= inactivityMillis;
        }
    }
}
