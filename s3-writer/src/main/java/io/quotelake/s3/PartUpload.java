package io.quotelake.s3;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** A part on its way to S3: in the queue of the upload threads, then in one of them. */
final class PartUpload implements Runnable {
    private final MultipartUpload upload;
    private final int number;
    private final PartFileMemory.Entry held;
    private final CompletableFuture<UploadedPart> result = new CompletableFuture<>();
    private Bytes bytes;

    /**
     * @param held what the bytes count in memory; closed when they are uploaded or given up
     */
    PartUpload(MultipartUpload upload, int number, Bytes bytes, PartFileMemory.Entry held) {
        this.upload = upload;
        this.number = number;
        this.bytes = bytes;
        this.held = held;
    }

    /** Completes when the part is uploaded, or can't be. */
    CompletableFuture<UploadedPart> result() {
        return result;
    }

    @Override
    public void run() {
        Bytes taken = take();
        if (taken == null) {
            return;
        }
        try {
            UploadedPart part = upload.send(number, taken);
            held.close();
            result.complete(part);
        } catch (IOException | RuntimeException | Error e) {
            held.close();
            result.completeExceptionally(e);
        }
    }

    /** Gives the part up, unless its upload has begun: then it ends by itself. */
    void abandon() {
        if (take() != null) {
            held.close();
            result.completeExceptionally(new IOException("The part was given up"));
        }
    }

    private synchronized Bytes take() {
        Bytes taken = bytes;
        bytes = null;
        return taken;
    }
}
