package io.quotelake.job.lake;

import io.quotelake.job.task.Refusal;
import io.quotelake.job.task.TaskEnd;
import io.quotelake.s3.PartFileWriter;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.metrics.MetricGroup;

/**
 * A file system's recoverable writer, with the files that it has open counted and, if wanted,
 * compressed. The file system's own recoverables pass through untouched, so that a bare FileSink
 * reads them too. New files have the compression that is asked for; a resumed one keeps that of its
 * name.
 */
final class PartFiles implements RecoverableWriter, AutoCloseable {

    private static final Pattern PART_FILE =
            Pattern.compile("part-[^/\\s]*(\\.json(\\.gz|\\.zst)?)\\b");

    /**
     * Flink's plugin flink-s3-fs-native. As released in 2.3.0 it forgets the last bytes of a file
     * that it goes on with (<a
     * href="https://issues.apache.org/jira/browse/FLINK-39778">FLINK-39778</a>), and aborts uploads
     * that a checkpoint still names (<a
     * href="https://issues.apache.org/jira/browse/FLINK-40595">FLINK-40595</a>).
     */
    private static final String NATIVE_S3 = "org.apache.flink.fs.s3native.";

    private final RecoverableWriter files;
    private final Compression compression;
    private final Map<Compression, BatchCompressor> compressors = new EnumMap<>(Compression.class);
    private int open;
    private int recovered;
    private long checkpoint = PublishedOffsets.BEFORE_CHECKPOINTS;
    private long oldestOpenSince;

    PartFiles(RecoverableWriter files, Compression compression) {
        this.files = files;
        this.compression = compression;
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

    /** Whether an unfinished file is safe in a checkpoint; else each must end before it. */
    boolean keepsUnfinishedFiles() {
        return !files.getClass().getName().startsWith(NATIVE_S3);
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
        return count(files.open(path), compression, false);
    }

    @Override
    public RecoverableFsDataOutputStream recover(ResumeRecoverable resumable) throws IOException {
        if (!keepsUnfinishedFiles()) {
            throw new Refusal(
                    "the state has open files, and flink-s3-fs-native loses bytes of a file that it"
                            + " goes on with (FLINK-39778, FLINK-40595): start from there with the"
                            + " S3 plugin that wrote them");
        }
        recovered++;
        return count(files.recover(resumable), compressionOf(resumable), true);
    }

    /**
     * A recoverable tells the file's name in its text only: each file system has a class of its
     * own, and most are in class loaders of their own.
     */
    private static Compression compressionOf(ResumeRecoverable resumable) {
        Matcher name = PART_FILE.matcher(resumable.toString());
        if (!name.find()) {
            throw new Refusal(
                    String.format(
                            Locale.ROOT,
                            "%s doesn't tell the name of the part file to go on with, and so not its"
                                    + " compression: publish the open files with the version and the"
                                    + " options that wrote them (flink stop --drain), then start"
                                    + " from there",
                            resumable.getClass().getName()));
        }
        return Compression.ofSuffix(name.group(1));
    }

    private RecoverableFsDataOutputStream count(
            RecoverableFsDataOutputStream stream, Compression compression, boolean isRecovered) {
        open++;
        return new PartFileStream(
                stream,
                compressors.computeIfAbsent(compression, Compression::open),
                this,
                checkpoint,
                isRecovered);
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

    /** Gives back all memory that the files hold, open or uncommitted. */
    @Override
    public void close() {
        TaskEnd.close("Part files", compressors.values().toArray(AutoCloseable[]::new));
        TaskEnd.close("Part files", files instanceof PartFileWriter own ? own : null);
    }
}
