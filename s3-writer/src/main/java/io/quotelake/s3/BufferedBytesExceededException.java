package io.quotelake.s3;

import java.io.IOException;

/**
 * Part files need more memory than they may have, and none of it can go to S3 before the next
 * commit.
 */
public final class BufferedBytesExceededException extends IOException {
    private static final long serialVersionUID = 1L;

    BufferedBytesExceededException(PartFileMemory memory) {
        super(memory.describe());
    }
}
