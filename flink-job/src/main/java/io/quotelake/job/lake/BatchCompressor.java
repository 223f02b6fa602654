package io.quotelake.job.lake;

import java.io.IOException;
import java.io.OutputStream;

/** Compresses batches, each into a whole of its own. Not thread-safe. */
interface BatchCompressor extends AutoCloseable {

    /** Writes the first {@code length} bytes of {@code batch}, compressed. */
    void compress(byte[] batch, int length, OutputStream out) throws IOException;

    /** Gives native memory back. */
    @Override
    void close();
}
