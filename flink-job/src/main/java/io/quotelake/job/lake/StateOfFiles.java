package io.quotelake.job.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Reads and writes the state of files on a Flink file system, and nothing else. The file system is
 * opened with the first state: the job's graph is built where it may be out of reach.
 */
final class StateOfFiles implements RecoverableWriter {

    private final Path table;
    private RecoverableWriter files;

    StateOfFiles(Path table) {
        this.table = table;
    }

    private RecoverableWriter files() throws IOException {
        if (files == null) {
            files = FileSystem.get(table.toUri()).createRecoverableWriter();
        }
        return files;
    }

    @Override
    public SimpleVersionedSerializer<CommitRecoverable> getCommitRecoverableSerializer() {
        return new Late<>() {
            @Override
            SimpleVersionedSerializer<CommitRecoverable> serializer() throws IOException {
                return files().getCommitRecoverableSerializer();
            }
        };
    }

    @Override
    public SimpleVersionedSerializer<ResumeRecoverable> getResumeRecoverableSerializer() {
        return new Late<>() {
            @Override
            SimpleVersionedSerializer<ResumeRecoverable> serializer() throws IOException {
                return files().getResumeRecoverableSerializer();
            }
        };
    }

    @Override
    public boolean supportsResume() {
        return true;
    }

    @Override
    public RecoverableFsDataOutputStream open(Path path) {
        throw new UnsupportedOperationException("only for state");
    }

    @Override
    public RecoverableFsDataOutputStream recover(ResumeRecoverable file) {
        throw new UnsupportedOperationException("only for state");
    }

    @Override
    public RecoverableFsDataOutputStream.Committer recoverForCommit(CommitRecoverable file) {
        throw new UnsupportedOperationException("only for state");
    }

    @Override
    public boolean requiresCleanupOfRecoverableState() {
        return false;
    }

    @Override
    public boolean cleanupRecoverableState(ResumeRecoverable file) {
        return false;
    }

    private abstract static class Late<T> implements SimpleVersionedSerializer<T> {

        abstract SimpleVersionedSerializer<T> serializer() throws IOException;

        @Override
        public int getVersion() {
            try {
                return serializer().getVersion();
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "the table's file system can't be opened: " + e.getMessage(), e);
            }
        }

        @Override
        public byte[] serialize(T file) throws IOException {
            return serializer().serialize(file);
        }

        @Override
        public T deserialize(int version, byte[] bytes) throws IOException {
            return serializer().deserialize(version, bytes);
        }
    }
}
