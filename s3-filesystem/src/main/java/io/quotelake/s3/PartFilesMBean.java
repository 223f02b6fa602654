package io.quotelake.s3;

/**
 * Figures of the part files that this process writes to S3. Registered as {@link
 * PartFiles#OBJECT_NAME}.
 */
public interface PartFilesMBean {
    /** Files that are open for writing now. */
    long getOpenFiles();

    /**
     * Bytes of memory that open and uncommitted files count now: their own, those of small files
     * twice, and 720 a file for the objects around it.
     */
    long getBufferedBytes();

    /** The bound of {@link #getBufferedBytes()}, {@code s3.writer.max-buffered-bytes}. */
    long getMaxBufferedBytes();

    /**
     * Whether bytes of files, without what is counted beside them, take more than half of {@link
     * #getMaxBufferedBytes()}, so that files should end with the next checkpoint, however young
     * they are.
     */
    boolean isFilling();

    /**
     * Whether more than three quarters of {@link #getMaxBufferedBytes()} are in use, so that no
     * more should be read before the next commit.
     */
    boolean isScarce();

    /** Files published with one PutObject since the process started. */
    long getObjectsPut();

    /** Parts uploaded since the process started. */
    long getPartsUploaded();

    /** Files published by completing a multipart upload since the process started. */
    long getMultipartUploadsCompleted();
}
