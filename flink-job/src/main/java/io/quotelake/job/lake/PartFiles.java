package io.quotelake.job.lake;

import java.io.IOException;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * A file system's recoverable writer, with the files that it has open counted and, if wanted,
 * compressed. The file system's own recoverables pass through untouched: state written with one
 * compression is read with another, by this class or by a bare FileSink.
 */
final class PartFiles implements RecoverableWriter, AutoCloseable {

    private final RecoverableWriter files;
    private final BatchCompressor compressor;
    private int open;

    PartFiles(RecoverableWriter files, Compression compression) {
        this.files = files;
        this.compressor = compression.open();
    }

    /** How many files are being written. */
    int open() {
        return open;
    }

    /** Called by a stream that ends, once. */
    void onClose() {
        open--;
    }

    @Override
    public RecoverableFsDataOutputStream open(Path path) throws IOException {
        return count(files.open(path));
    }

    @Override
    public RecoverableFsDataOutputStream recover(ResumeRecoverable resumable) throws IOException {
        return count(files.recover(resumable));
    }

    private RecoverableFsDataOutputStream count(RecoverableFsDataOutputStream stream) {
        open++;
        return new PartFileStream(stream, compressor, this);
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
    }
}
