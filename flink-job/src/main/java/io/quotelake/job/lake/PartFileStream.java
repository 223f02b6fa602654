package io.quotelake.job.lake;

import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter.ResumeRecoverable;

/**
 * One part file that is being written. Without compression it hands on what comes. With it, rows
 * are gathered into a batch, and a batch ends when it is full, at each checkpoint, and at the
 * file's end.
 */
final class PartFileStream extends RecoverableFsDataOutputStream {

    /** Larger batches compress hardly better. */
    private static final int MAX_BATCH_BYTES = 256 * 1024;

    /** Smaller ones compress noticeably worse. */
    private static final int MIN_BATCH_BYTES = 16 * 1024;

    /** What all batches of a writer may hold together while they are larger than the least. */
    private static final int ALL_BATCHES_BYTES = 32 * 1024 * 1024;

    private static final int FIRST_BATCH_BYTES = 512;

    private final RecoverableFsDataOutputStream file;
    private final BatchCompressor compressor;
    private final PartFiles owner;
    private final long openedAfter;
    private final boolean isRecovered;
    private byte[] batch;
    private int batchLength;
    private boolean closed;

    /**
     * @param compressor null for none
     * @param openedAfter the newest checkpoint by now
     * @param isRecovered whether it holds rows of an earlier run
     */
    PartFileStream(
            RecoverableFsDataOutputStream file,
            BatchCompressor compressor,
            PartFiles owner,
            long openedAfter,
            boolean isRecovered) {
        this.file = file;
        this.compressor = compressor;
        this.owner = owner;
        this.openedAfter = openedAfter;
        this.isRecovered = isRecovered;
        this.batch = new byte[compressor == null ? 0 : FIRST_BATCH_BYTES];
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        if (compressor == null) {
            file.write(bytes, from, count);
            return;
        }
        if (batchLength + count > batch.length) {
            batch = Arrays.copyOf(batch, Math.max(batch.length * 2, batchLength + count));
        }
        System.arraycopy(bytes, from, batch, batchLength, count);
        batchLength += count;
        if (batchLength >= batchBytes()) {
            endBatch();
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    private int batchBytes() {
        int share = ALL_BATCHES_BYTES / Math.max(1, owner.open());
        return Math.max(MIN_BATCH_BYTES, Math.min(MAX_BATCH_BYTES, share));
    }

    private void endBatch() throws IOException {
        if (batchLength > 0) {
            compressor.compress(batch, batchLength, file);
            batchLength = 0;
        }
    }

    /** The file's length; rows of an unfinished batch count as they are, uncompressed. */
    @Override
    public long getPos() throws IOException {
        return file.getPos() + batchLength;
    }

    @Override
    public void flush() throws IOException {
        endBatch();
        file.flush();
    }

    @Override
    public void sync() throws IOException {
        endBatch();
        file.sync();
    }

    @Override
    public ResumeRecoverable persist() throws IOException {
        endBatch();
        owner.onPersist(openedAfter);
        return file.persist();
    }

    @Override
    public Committer closeForCommit() throws IOException {
        endBatch();
        Committer committer = file.closeForCommit();
        markClosed();
        return committer;
    }

    /** Gives up what was not persisted. */
    @Override
    public void close() throws IOException {
        markClosed();
        file.close();
    }

    private void markClosed() {
        if (!closed) {
            closed = true;
            owner.onClose(isRecovered);
        }
    }
}
