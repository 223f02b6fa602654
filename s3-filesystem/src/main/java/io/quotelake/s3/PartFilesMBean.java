package io.quotelake.s3;

/**
 * Figures of the part files that this process writes to S3. Registered as {@link
 * PartFiles#OBJECT_NAME}.
 */
public interface PartFilesMBean {
    /** Files that are open for writing now. */
    long getOpenFiles();

    /**
     * Bytes of memory that open and uncommitted files hold now, with about 1 KiB a file for the
     * objects around it.
     */
    long getBufferedBytes();

    /** The bound of {@link #getBufferedBytes()}, {@code s3.writer.max-buffered-bytes}. */
    long getMaxBufferedBytes();

    /** Files published with one PutObject since the process started. */
    long getObjectsPut();

    /** Parts uploaded since the process started. */
    long getPartsUploaded();

    /** Files published by completing a multipart upload since the process started. */
    long getMultipartUploadsCompleted();
}
