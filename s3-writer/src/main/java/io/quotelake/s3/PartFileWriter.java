package io.quotelake.s3;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Writes part files of which the bucket sees nothing before they are complete: unfinished bytes are
 * in memory, and with each checkpoint in Flink state. One writer serves the files of one task, and
 * is closed with it.
 */
public final class PartFileWriter implements RecoverableWriter, AutoCloseable {
    private final S3Bucket bucket;
    private final PartFileMemory memory;
    private final Set<PartFileStream> largeFiles = new LinkedHashSet<>();
    private final Set<PartFileStream> openFiles = ConcurrentHashMap.newKeySet();
    private final Map<PartFileRecoverable, PartFileMemory.Entry> uncommitted =
            new ConcurrentHashMap<>();

    private PartFileWriter(S3Bucket bucket, PartFileMemory memory) {
        this.bucket = bucket;
        this.memory = memory;
    }

    /** Whether files of this scheme can be written so. */
    public static boolean serves(String scheme) {
        return "s3".equals(scheme) || "s3a".equals(scheme);
    }

    /**
     * A writer for a bucket.
     *
     * @param uri of any object or prefix in it, {@code s3://BUCKET/...}
     * @throws org.apache.flink.configuration.IllegalConfigurationException if the settings can't be
     *     used, in a sentence
     */
    public static PartFileWriter open(URI uri, S3Options options) {
        return open(uri, S3Connection.share(options));
    }

    static PartFileWriter open(URI uri, S3Connection connection) {
        PartFileMemory.PROCESS.setMaxBytes(connection.settings().maxBufferedBytes());
        return new PartFileWriter(
                new S3Bucket(connection, uri.getAuthority()), PartFileMemory.PROCESS);
    }

    /** A writer that only reads and writes state: it needs no bucket, and opens nothing. */
    public static PartFileWriter ofState() {
        return new PartFileWriter(null, PartFileMemory.PROCESS);
    }

    /**
     * Gives back all memory that files of this task count, open or uncommitted: whoever closes
     * their writer will neither write nor publish them any more.
     */
    @Override
    public void close() {
        openFiles.forEach(PartFileStream::close);
        uncommitted.values().forEach(PartFileMemory.Entry::close);
        uncommitted.clear();
        if (bucket != null) {
            bucket.connection().close();
        }
    }

    /** Files of this job published with one PutObject since it started in this process. */
    public long objectsPut() {
        return bucket.connection().objectsPut().get();
    }

    /** Parts of files of this job uploaded since it started in this process. */
    public long partsUploaded() {
        return bucket.connection().partsUploaded().get();
    }

    /** Files of this job published by completing a multipart upload, likewise. */
    public long multipartUploadsCompleted() {
        return bucket.connection().multipartUploadsCompleted().get();
    }

    @Override
    public RecoverableFsDataOutputStream open(Path path) throws IOException {
        return new PartFileStream(this, path);
    }

    @Override
    public RecoverableFsDataOutputStream recover(ResumeRecoverable recoverable) throws IOException {
        PartFileRecoverable file = (PartFileRecoverable) recoverable;
        if (file.tail() == null) {
            throw new IOException(
                    bucket.address(file.key())
                            + " can't be resumed from this handle: its bytes are in the state it was written to.");
        }
        MultipartUpload upload =
                file.isMultipart() ? MultipartUpload.resume(bucket, memory, file) : null;
        Path path = new Path("s3", null, "/" + file.key());
        return new PartFileStream(this, path, upload, file.bytesInParts(), tail(file));
    }

    private Bytes tail(PartFileRecoverable file) throws IOException {
        if (file.tailObject() != null) {
            try {
                return Bytes.of(bucket.get(file.tailObject()));
            } catch (FileNotFoundException e) {
                throw new IOException(
                        String.format(
                                Locale.ROOT,
                                "The tail of %s is gone: the stock plugin kept it in %s, which is not there any more.",
                                bucket.address(file.key()),
                                bucket.address(file.tailObject())),
                        e);
            }
        }
        return file.tail();
    }

    @Override
    public RecoverableFsDataOutputStream.Committer recoverForCommit(CommitRecoverable recoverable)
            throws IOException {
        PartFileRecoverable file = (PartFileRecoverable) recoverable;
        boolean hasTailToUpload =
                file.isMultipart()
                        && (file.tailObject() != null
                                || file.tail() == null
                                || file.tail().length() > 0);
        if (hasTailToUpload) {
            return finish(recover(file));
        }
        if (!file.isMultipart() && !file.isKept()) {
            long bytes = PartFileMemory.weightFinished(file.tail().capacity());
            keepUntilCommitted(file, memory.open(bytes));
        }
        return committer(file);
    }

    private static RecoverableFsDataOutputStream.Committer finish(
            RecoverableFsDataOutputStream file) throws IOException {
        try {
            return file.closeForCommit();
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    RecoverableFsDataOutputStream.Committer committer(PartFileRecoverable file) {
        return new PartFileCommitter(bucket, file);
    }

    /** Nothing but the checkpoint itself holds state of an open file. */
    @Override
    public boolean requiresCleanupOfRecoverableState() {
        return false;
    }

    @Override
    public boolean cleanupRecoverableState(ResumeRecoverable recoverable) {
        return false;
    }

    @Override
    public SimpleVersionedSerializer<CommitRecoverable> getCommitRecoverableSerializer() {
        return PartFileRecoverableSerializer.forCommit();
    }

    @Override
    public SimpleVersionedSerializer<ResumeRecoverable> getResumeRecoverableSerializer() {
        return PartFileRecoverableSerializer.forResume();
    }

    @Override
    public boolean supportsResume() {
        return true;
    }

    /** The account of memory that the files are on. */
    public PartFileMemory memory() {
        return memory;
    }

    int partSizeBytes() {
        return bucket.connection().settings().partSizeBytes();
    }

    String address(String key) {
        return bucket.address(key);
    }

    MultipartUpload startUpload(String key) throws IOException {
        return MultipartUpload.start(bucket, memory, key);
    }

    void rememberLarge(PartFileStream file) {
        largeFiles.add(file);
    }

    void forgetLarge(PartFileStream file) {
        largeFiles.remove(file);
    }

    /** Sends what can leave memory to S3: the bytes of files that hold a whole part. */
    void uploadLargeFiles() throws IOException {
        for (PartFileStream file : List.copyOf(largeFiles)) {
            file.uploadBuffer();
        }
    }

    void opened(PartFileStream file) {
        openFiles.add(file);
        memory.fileOpened();
    }

    void closed(PartFileStream file) {
        if (openFiles.remove(file)) {
            memory.fileClosed();
        }
    }

    /** A finished file counts until it is committed, or its task ends. */
    void keepUntilCommitted(PartFileRecoverable file, PartFileMemory.Entry held) {
        uncommitted.put(file, held);
        file.onCommitted(
                () -> {
                    uncommitted.remove(file);
                    held.close();
                });
    }

    /**
     * Opens an entry, waiting for uploads under way if it must. It never waits for a checkpoint:
     * that would wait for this very thread.
     *
     * @throws BufferedBytesExceededException if the bytes don't fit even so
     */
    PartFileMemory.Entry hold(long bytes) throws IOException {
        PartFileMemory.Entry entry = memory.tryOpen(bytes);
        if (entry != null) {
            return entry;
        }
        entry = memory.open(0);
        try {
            grow(entry, bytes);
        } catch (IOException e) {
            entry.close();
            throw e;
        }
        return entry;
    }

    /** Takes more bytes into an entry, likewise. */
    void grow(PartFileMemory.Entry entry, long more) throws IOException {
        try {
            if (!entry.tryGrow(more) && !entry.growWhenUploadsEnd(more)) {
                throw new BufferedBytesExceededException(memory);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while waiting for part uploads");
        }
    }
}
