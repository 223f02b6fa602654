package io.quotelake.s3;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The multipart upload of one large file, as one attempt of a task sees it. Parts are uploaded from
 * memory in the background, a few at a time.
 *
 * <p>A stopped process that wakes up late may go on uploading parts of a file that its successor
 * has resumed. So a resumed attempt numbers its parts from a range of its own, behind everything
 * that S3 has by then and a gap, and completes the upload with its own parts and those of the
 * checkpoint only: S3 drops the others. For the same reason an upload that any checkpoint may know
 * of is never aborted.
 */
final class MultipartUpload {
    /**
     * <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html">Limit of S3</a>.
     */
    static final int MAX_PART_NUMBER = 10_000;

    /** S3's least size of any part but the last, from the same page. */
    static final int MIN_PART_BYTES = 5 * 1024 * 1024;

    /**
     * More parts than a stopped process uploads, after it wakes up, before it learns that it was
     * replaced.
     */
    private static final int MIN_GAP = 64;

    /**
     * Makes it very likely that two attempts that resume the same checkpoint start at different
     * numbers.
     */
    private static final int RANDOM_GAP = 512;

    private static final Logger LOG = LoggerFactory.getLogger(MultipartUpload.class);

    private final S3Bucket bucket;
    private final PartFileMemory memory;
    private final String key;
    private final String uploadId;
    private final boolean checksummed;
    private final List<UploadedPart> parts;
    private final Deque<PartUpload> underWay = new ArrayDeque<>();
    private long bytesInParts;
    private int nextNumber;
    private boolean knownToCheckpoint;
    private volatile Throwable failure;

    private MultipartUpload(
            S3Bucket bucket,
            PartFileMemory memory,
            String key,
            String uploadId,
            boolean checksummed,
            List<UploadedPart> parts,
            long bytesInParts,
            int nextNumber) {
        this.bucket = bucket;
        this.memory = memory;
        this.key = key;
        this.uploadId = uploadId;
        this.checksummed = checksummed;
        this.parts = new ArrayList<>(parts);
        this.bytesInParts = bytesInParts;
        this.nextNumber = nextNumber;
    }

    static MultipartUpload start(S3Bucket bucket, PartFileMemory memory, String key)
            throws IOException {
        String uploadId = bucket.startUpload(key);
        boolean checksummed = bucket.connection().sendsChecksums();
        return new MultipartUpload(bucket, memory, key, uploadId, checksummed, List.of(), 0, 1);
    }

    /**
     * Goes on with an upload from state.
     *
     * @throws IOException if S3 no longer has it, saying what is gone
     */
    static MultipartUpload resume(S3Bucket bucket, PartFileMemory memory, PartFileRecoverable file)
            throws IOException {
        List<UploadedPart> present;
        try {
            present = bucket.listParts(file.key(), file.uploadId());
        } catch (FileNotFoundException e) {
            throw new IOException(
                    goneMessage(bucket, file)
                            + (bucket.head(file.key()).isPresent()
                                    ? " The finished object is there: a later checkpoint published it. Resume from"
                                            + " the newest one."
                                    : ""),
                    e);
        }
        if (!file.parts().stream().allMatch(part -> present.stream().anyMatch(part::isSameAs))) {
            throw new IOException(goneMessage(bucket, file));
        }
        MultipartUpload upload =
                new MultipartUpload(
                        bucket,
                        memory,
                        file.key(),
                        file.uploadId(),
                        file.parts().stream().allMatch(part -> part.crc32() != null),
                        file.parts(),
                        file.bytesInParts(),
                        nextNumber(present, file.parts()));
        upload.knownToCheckpoint = true;
        return upload;
    }

    /**
     * Behind all that S3 has, with a gap; where the numbers run out, behind the file's own parts. A
     * part of a lost attempt may be written over there: if that attempt still lives and writes over
     * it in turn, the ETags differ and S3 refuses to complete the upload.
     */
    private static int nextNumber(List<UploadedPart> present, List<UploadedPart> own) {
        int last = last(present);
        int room = MAX_PART_NUMBER - last;
        if (room < MIN_GAP) {
            return last(own) + 1;
        }
        int gap = MIN_GAP + ThreadLocalRandom.current().nextInt(RANDOM_GAP);
        return last + 1 + Math.min(gap, room / 8);
    }

    private static int last(List<UploadedPart> parts) {
        return parts.stream().mapToInt(UploadedPart::number).max().orElse(0);
    }

    static String goneMessage(S3Bucket bucket, PartFileRecoverable file) {
        return String.format(
                Locale.ROOT,
                "The first %,d bytes of %s are gone: its multipart upload %s, with %d parts in this checkpoint or"
                        + " savepoint, was completed, aborted or removed by a lifecycle rule"
                        + " (AbortIncompleteMultipartUpload) since. Let that rule wait longer than the oldest"
                        + " savepoint that is to be resumed; the rows are still in the topic.",
                file.bytesInParts(),
                bucket.address(file.key()),
                file.uploadId(),
                file.parts().size());
    }

    /**
     * Uploads a part in the background, and waits only while the most allowed are under way.
     *
     * @param held what the part counts in memory; closed as soon as it is uploaded, or can't be
     */
    void upload(Bytes bytes, PartFileMemory.Entry held) throws IOException {
        PartUpload part = null;
        try {
            while (underWay.size() >= bucket.connection().settings().uploadsPerFile()) {
                awaitOldest();
            }
            if (nextNumber > MAX_PART_NUMBER) {
                throw new IOException(
                        String.format(
                                Locale.ROOT,
                                "%s has used up the %,d part numbers of a multipart upload: roll files"
                                        + " earlier, or raise s3.upload.min.part.size.",
                                bucket.address(key),
                                MAX_PART_NUMBER));
            }
            part = new PartUpload(this, nextNumber++, bytes, held);
        } finally {
            if (part == null) {
                held.close();
            }
        }
        bytesInParts += bytes.length();
        underWay.add(part);
        try {
            bucket.connection().uploads().execute(part);
        } catch (RejectedExecutionException e) {
            part.abandon();
            throw new IOException("The task of " + bucket.address(key) + " has ended", e);
        }
    }

    /** Called by the thread of a part. */
    UploadedPart send(int number, Bytes bytes) throws IOException {
        try {
            UploadedPart part = bucket.uploadPart(key, uploadId, number, bytes, checksummed);
            bucket.connection().partsUploaded().incrementAndGet();
            return part;
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
            throw e;
        }
    }

    /**
     * Throws what made a part fail: the file can't be finished any more, and its task has to start
     * again.
     */
    void checkNotFailed() throws IOException {
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    private void awaitOldest() throws IOException {
        try {
            parts.add(underWay.getFirst().result().get());
            underWay.removeFirst();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(
                    "Interrupted while parts of " + bucket.address(key) + " are uploaded");
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }

    /**
     * The file as far as S3 has it when all parts under way have arrived, with the bytes that
     * follow.
     */
    PartFileRecoverable awaitAndSnapshot(Bytes tail) throws IOException {
        while (!underWay.isEmpty()) {
            awaitOldest();
        }
        knownToCheckpoint = true;
        return PartFileRecoverable.multipart(key, uploadId, parts, bytesInParts, tail);
    }

    /**
     * Gives up what is not uploaded yet, and aborts the upload in the background if no checkpoint
     * can know of it.
     */
    void discard() {
        underWay.forEach(PartUpload::abandon);
        if (knownToCheckpoint) {
            return;
        }
        CompletableFuture<Void> parts =
                CompletableFuture.allOf(
                        underWay.stream()
                                .map(PartUpload::result)
                                .toArray(CompletableFuture[]::new));
        // Not after the pool has ended, which ends with the last task that shares it.
        parts.whenComplete((ignored, partFailure) -> abortInBackground());
    }

    private void abortInBackground() {
        try {
            bucket.connection().uploads().execute(this::abort);
        } catch (RejectedExecutionException e) {
            abort();
        }
    }

    private void abort() {
        try {
            bucket.abortUpload(key, uploadId);
        } catch (IOException e) {
            LOG.warn(
                    "The multipart upload {} of the discarded {} stays until a lifecycle rule removes it",
                    uploadId,
                    bucket.address(key),
                    e);
        }
    }
}
