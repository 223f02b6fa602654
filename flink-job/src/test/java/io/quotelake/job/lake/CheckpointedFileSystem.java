package io.quotelake.job.lake;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import org.apache.flink.core.fs.BlockLocation;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.core.fs.local.LocalFileSystem;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Files under {@code target/}, written like objects on S3: an unfinished file lives in Flink's
 * state alone, and appears whole when it is committed. Its state names no directory of this
 * machine, so that a savepoint restores anywhere. {@code lake:///table} is {@code
 * target/lake/table}.
 */
public final class CheckpointedFileSystem extends FileSystem {

    static final String SCHEME = "lake";

    private static final java.nio.file.Path ROOT = java.nio.file.Path.of("target", "lake");

    private final LocalFileSystem local = new LocalFileSystem();

    /** Where a path lies on this machine. */
    public static java.nio.file.Path locate(String path) {
        return ROOT.resolve(URI.create(path).getPath().substring(1)).toAbsolutePath();
    }

    private static Path localPath(Path path) {
        return new Path(locate(path.toString()).toUri());
    }

    @Override
    public RecoverableWriter createRecoverableWriter() {
        return new Writer();
    }

    /** What an unfinished file is: its place and its bytes. */
    private record Unfinished(String path, byte[] bytes)
            implements RecoverableWriter.ResumeRecoverable {}

    private static final class Writer implements RecoverableWriter {

        @Override
        public RecoverableFsDataOutputStream open(Path path) {
            return new Stream(new Unfinished(path.toString(), new byte[0]));
        }

        @Override
        public RecoverableFsDataOutputStream recover(ResumeRecoverable resumable) {
            return new Stream((Unfinished) resumable);
        }

        @Override
        public boolean requiresCleanupOfRecoverableState() {
            return false;
        }

        @Override
        public boolean cleanupRecoverableState(ResumeRecoverable resumable) {
            return false;
        }

        @Override
        public RecoverableFsDataOutputStream.Committer recoverForCommit(
                CommitRecoverable resumable) {
            return new Committer((Unfinished) resumable);
        }

        @Override
        @SuppressWarnings("unchecked")
        public SimpleVersionedSerializer<CommitRecoverable> getCommitRecoverableSerializer() {
            return (SimpleVersionedSerializer<CommitRecoverable>) (Object) new Serializer();
        }

        @Override
        @SuppressWarnings("unchecked")
        public SimpleVersionedSerializer<ResumeRecoverable> getResumeRecoverableSerializer() {
            return (SimpleVersionedSerializer<ResumeRecoverable>) (Object) new Serializer();
        }

        @Override
        public boolean supportsResume() {
            return true;
        }
    }

    private static final class Stream extends RecoverableFsDataOutputStream {

        private final String path;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Stream(Unfinished unfinished) {
            path = unfinished.path;
            bytes.writeBytes(unfinished.bytes);
        }

        @Override
        public RecoverableWriter.ResumeRecoverable persist() {
            return new Unfinished(path, bytes.toByteArray());
        }

        @Override
        public Committer closeForCommit() {
            return new CheckpointedFileSystem.Committer(new Unfinished(path, bytes.toByteArray()));
        }

        @Override
        public void write(int b) {
            bytes.write(b);
        }

        @Override
        public void write(byte[] from, int offset, int length) {
            bytes.write(from, offset, length);
        }

        @Override
        public long getPos() {
            return bytes.size();
        }

        @Override
        public void flush() {}

        @Override
        public void sync() {}

        @Override
        public void close() {}
    }

    private record Committer(Unfinished file) implements RecoverableFsDataOutputStream.Committer {

        @Override
        public void commit() throws IOException {
            java.nio.file.Path target = locate(file.path);
            java.nio.file.Path temporary =
                    Files.createTempFile(Files.createDirectories(ROOT), "commit", null);
            Files.write(temporary, file.bytes);
            Files.createDirectories(target.getParent());
            Files.move(
                    temporary,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }

        @Override
        public void commitAfterRecovery() throws IOException {
            commit();
        }

        @Override
        public RecoverableWriter.CommitRecoverable getRecoverable() {
            return file;
        }
    }

    private static final class Serializer implements SimpleVersionedSerializer<Unfinished> {

        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(Unfinished file) {
            byte[] path = file.path.getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.allocate(Integer.BYTES + path.length + file.bytes.length)
                    .putInt(path.length)
                    .put(path)
                    .put(file.bytes)
                    .array();
        }

        @Override
        public Unfinished deserialize(int version, byte[] serialized) {
            int pathEnd = Integer.BYTES + ByteBuffer.wrap(serialized).getInt();
            return new Unfinished(
                    new String(
                            serialized,
                            Integer.BYTES,
                            pathEnd - Integer.BYTES,
                            StandardCharsets.UTF_8),
                    Arrays.copyOfRange(serialized, pathEnd, serialized.length));
        }
    }

    @Override
    public Path getWorkingDirectory() {
        return new Path(SCHEME + ":///");
    }

    @Override
    public Path getHomeDirectory() {
        return getWorkingDirectory();
    }

    @Override
    public URI getUri() {
        return URI.create(SCHEME + ":///");
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        return local.getFileStatus(localPath(path));
    }

    @Override
    public BlockLocation[] getFileBlockLocations(FileStatus file, long start, long length)
            throws IOException {
        return local.getFileBlockLocations(file, start, length);
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        return open(path);
    }

    @Override
    public FSDataInputStream open(Path path) throws IOException {
        return local.open(localPath(path));
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        return local.listStatus(localPath(path));
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        return local.delete(localPath(path), recursive);
    }

    @Override
    public boolean mkdirs(Path path) throws IOException {
        return local.mkdirs(localPath(path));
    }

    @Override
    public FSDataOutputStream create(Path path, WriteMode overwrite) throws IOException {
        return local.create(localPath(path), overwrite);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        return local.rename(localPath(from), localPath(to));
    }

    @Override
    public boolean isDistributedFS() {
        return true;
    }

    /** Found by Flink through the service file. */
    public static final class Factory implements FileSystemFactory {

        @Override
        public String getScheme() {
            return SCHEME;
        }

        @Override
        public FileSystem create(URI uri) {
            try {
                Files.createDirectories(ROOT);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new CheckpointedFileSystem();
        }
    }
}
