package io.quotelake.s3;

import java.io.IOException;
import org.apache.flink.configuration.MemorySize;

/**
 * Part files need more memory than they may have, and none of it can go to S3 before the next
 * commit.
 */
public final class BufferedBytesExceededException extends IOException {
    private static final long serialVersionUID = 1L;

    BufferedBytesExceededException(long openFiles, long heldBytes, long maxBytes) {
        super(
                String.format(
                        "%,d open part files and those that wait for their commit hold %s of memory, and %s (%d bytes)"
                                + " is the most they may. Small files can't leave memory before their commit: shorten"
                                + " the checkpoint interval (execution.checkpointing.interval) and the time that files"
                                + " stay open (--roll-interval), choose a coarser date"
                                + " (--date-granularity month or year), or give more heap"
                                + " (taskmanager.memory.process.size). No row is lost.",
                        openFiles,
                        new MemorySize(heldBytes).toHumanReadableString(),
                        QuotelakeS3FileSystemFactory.MAX_BUFFERED_BYTES.key(),
                        maxBytes));
    }
}
