package io.quotelake.job.lake;

import io.quotelake.job.quote.QuoteRow;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.streaming.api.functions.sink.filesystem.PartFileInfo;
import org.apache.flink.streaming.api.functions.sink.filesystem.RollingPolicy;

/**
 * When a part file ends: at a size, an age, or after a time without rows, whichever is first; and
 * with the next checkpoint when memory for part files fills. It is published by the checkpoint that
 * follows.
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

    Policy toPolicy() {
        return new Policy(this);
    }

    /** What FileSink's writer asks, for each file. */
    static final class Policy implements RollingPolicy<QuoteRow, String> {

        private static final long serialVersionUID = 1L;

        private final long bytes;
        private final long intervalMillis;
        private final long inactivityMillis;
        private final boolean onEveryCheckpoint;
        private boolean onNextCheckpoint;

        private Policy(PartFileRolling rolling) {
            this.bytes = rolling.size.getBytes();
            this.intervalMillis = rolling.interval.toMillis();
            this.inactivityMillis = rolling.inactivity.toMillis();
            this.onEveryCheckpoint = rolling.isOnEveryCheckpoint();
        }

        /**
         * A checkpoint begins.
         *
         * @param endAll whether all files end with it, however young they are
         */
        void beginCheckpoint(boolean endAll) {
            onNextCheckpoint = onEveryCheckpoint || endAll;
        }

        @Override
        public boolean shouldRollOnEvent(PartFileInfo<String> file, QuoteRow row)
                throws IOException {
            return file.getSize() >= bytes;
        }

        @Override
        public boolean shouldRollOnCheckpoint(PartFileInfo<String> file) throws IOException {
            return onNextCheckpoint || file.getSize() >= bytes;
        }

        @Override
        public boolean shouldRollOnProcessingTime(PartFileInfo<String> file, long now) {
            return now - file.getCreationTime() >= intervalMillis
                    || now - file.getLastUpdateTime() >= inactivityMillis;
        }
    }
}
