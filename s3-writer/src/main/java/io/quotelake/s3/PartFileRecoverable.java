package io.quotelake.s3;

import java.util.List;
import org.apache.flink.core.fs.RecoverableWriter.ResumeRecoverable;

/**
 * All that is needed to go on with a part file, or to publish it: the parts that S3 has of it, and
 * the bytes that S3 does not have.
 */
final class PartFileRecoverable implements ResumeRecoverable {
    private final String key;
    private final String uploadId;
    private final List<UploadedPart> parts;
    private final long bytesInParts;
    private final String tailObject;
    private Bytes tail;
    private Runnable onCommitted;

    private PartFileRecoverable(
            String key,
            String uploadId,
            List<UploadedPart> parts,
            long bytesInParts,
            Bytes tail,
            String tailObject) {
        this.key = key;
        this.uploadId = uploadId;
        this.parts = List.copyOf(parts);
        this.bytesInParts = bytesInParts;
        this.tail = tail;
        this.tailObject = tailObject;
    }

    /** A file of which S3 has nothing. */
    static PartFileRecoverable inMemory(String key, Bytes bytes) {
        return new PartFileRecoverable(key, null, List.of(), 0, bytes, null);
    }

    /**
     * A file whose beginning went into a multipart upload.
     *
     * @param tail the bytes behind the last part; null in a handle that is kept for clean-up only
     */
    static PartFileRecoverable multipart(
            String key, String uploadId, List<UploadedPart> parts, long bytesInParts, Bytes tail) {
        return new PartFileRecoverable(key, uploadId, parts, bytesInParts, tail, null);
    }

    /**
     * A file of the stock plugin, which keeps the bytes behind the last part in an object of its
     * own.
     */
    static PartFileRecoverable ofStockPlugin(
            String key,
            String uploadId,
            List<UploadedPart> parts,
            long bytesInParts,
            String tailObject) {
        return new PartFileRecoverable(key, uploadId, parts, bytesInParts, Bytes.EMPTY, tailObject);
    }

    String key() {
        return key;
    }

    boolean isMultipart() {
        return uploadId != null;
    }

    String uploadId() {
        return uploadId;
    }

    List<UploadedPart> parts() {
        return parts;
    }

    long bytesInParts() {
        return bytesInParts;
    }

    /** The object that holds the tail in state of the stock plugin, else null. */
    String tailObject() {
        return tailObject;
    }

    /** The bytes that S3 does not have; null if this handle is kept for clean-up only. */
    Bytes tail() {
        return tail;
    }

    /**
     * Gives the bytes up. FileSink writes a handle to its state once, and then sends the same
     * handle to its committer for clean-up: with the bytes in it, each checkpoint would carry them
     * twice.
     */
    void dropTail() {
        tail = null;
    }

    /** Whether somebody waits for {@link #committed()}. */
    boolean isKept() {
        return onCommitted != null;
    }

    /**
     * @param then what gives back the memory that the bytes count until the commit
     */
    void onCommitted(Runnable then) {
        onCommitted = then;
    }

    void committed() {
        if (onCommitted != null) {
            onCommitted.run();
        }
    }

    /** Names the file: who resumes it may look at its suffix. */
    @Override
    public String toString() {
        return "S3 part file " + key;
    }
}
