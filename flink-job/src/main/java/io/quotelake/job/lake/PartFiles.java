package io.quotelake.job.lake;

import io.quotelake.s3.PartFileWriter;
import java.io.IOException;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.metrics.MetricGroup;

/**
 * A file system's recoverable writer, with the files that it has open counted and, if wanted,
 * compressed. The file system's own recoverables pass through untouched: state written with one
 * compression is read with another, by this class or by a bare FileSink.
 */
final class PartFiles implements RecoverableWriter, AutoCloseable {

    private final RecoverableWriter files;
    private final BatchCompressor compressor;
    private int open;
    private int recovered;
    private long checkpoint = PublishedOffsets.BEFORE_CHECKPOINTS;
    private long oldestOpenSince;

    PartFiles(RecoverableWriter files, Compression compression) {
        this.files = files;
        this.compressor = compression.open();
    }

    /** The files' figures; those of memory and requests are of the whole job in this process. */
    void registerGauges(MetricGroup metrics) {
        metrics.gauge("openPartFiles", this::open);
        if (files instanceof PartFileWriter writer) {
            metrics.gauge("bufferedBytes", writer.memory()::heldBytes);
            metrics.gauge("maxBufferedBytes", writer.memory()::maxBytes);
            metrics.gauge("objectsPut", writer::objectsPut);
            metrics.gauge("partsUploaded", writer::partsUploaded);
            metrics.gauge("multipartUploadsCompleted", writer::multipartUploadsCompleted);
        }
    }

    /** How many files are being written. */
    int open() {
        return open;
    }

    /** How many files were restored and are still being written. */
    int recovered() {
        return recovered;
    }

    /** A checkpoint begins, in which each file that is open persists. */
    void beginCheckpoint(long id) {
        checkpoint = id;
        oldestOpenSince = id;
    }

    /** The checkpoint after which the oldest file was opened; this one if no file is open. */
    long oldestOpenSince() {
        return oldestOpenSince;
    }

    /**
     * Called by a stream that persists.
     *
     * @param since the checkpoint after which it was opened
     */
    void onPersist(long since) {
        oldestOpenSince = Math.min(oldestOpenSince, since);
    }

    /** Called by a stream that ends, once. */
    void onClose(boolean wasRecovered) {
        open--;
        if (wasRecovered) {
            recovered--;
        }
    }

    @Override
    public RecoverableFsDataOutputStream open(Path path) throws IOException {
        return count(files.open(path), false);
    }

    @Override
    public RecoverableFsDataOutputStream recover(ResumeRecoverable resumable) throws IOException {
        recovered++;
        return count(files.recover(resumable), true);
    }

    private RecoverableFsDataOutputStream count(
            RecoverableFsDataOutputStream stream, boolean isRecovered) {
        open++;
        return new PartFileStream(stream, compressor, this, checkpoint, isRecovered);
    }

    @Override
    public boolean requiresCleanupOfRecoverableState() {
        return files.requiresCleanupOfRecoverableState();
    }

    @Override
    public boolean cleanupRecoverableState(ResumeRecoverable resumable) throws IOException {
        return files.cleanupRecoverableState(resumable);
    }

    @Override
    public RecoverableFsDataOutputStream.Committer recoverForCommit(CommitRecoverable resumable)
            throws IOException {
        return files.recoverForCommit(resumable);
    }

    @Override
    public SimpleVersionedSerializer<CommitRecoverable> getCommitRecoverableSerializer() {
        return files.getCommitRecoverableSerializer();
    }

    @Override
    public SimpleVersionedSerializer<ResumeRecoverable> getResumeRecoverableSerializer() {
        return files.getResumeRecoverableSerializer();
    }

    @Override
    public boolean supportsResume() {
        return files.supportsResume();
    }

    @Override
    public void close() {
        if (compressor != null) {
            compressor.close();
        }
        if (files instanceof PartFileWriter writer) {
            writer.close();
        }
    }
}
