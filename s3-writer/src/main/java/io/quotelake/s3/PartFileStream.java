package io.quotelake.s3;

import java.io.IOException;
import java.util.Objects;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter.ResumeRecoverable;

/**
 * An open part file. It makes no request, holds no descriptor and no thread until it has filled a
 * part; what it holds in memory is on the process's account. Used by one task thread.
 */
final class PartFileStream extends RecoverableFsDataOutputStream {
    /**
     * Bytes that are packed at once while the file grows: enough of them to show their repetitions,
     * and so few that what all files hold unpacked stays small.
     */
    private static final int PACKED_BYTES = 8 * 1024;

    private final PartFileWriter writer;
    private final Path path;
    private final PartBuffer buffer = new PartBuffer();
    private MultipartUpload upload;
    private long position;
    private final PartFileMemory.Entry held;
    private boolean closed;

    /** A new file. */
    PartFileStream(PartFileWriter writer, Path path) throws IOException {
        this.writer = writer;
        this.path = path;
        this.held = writer.hold(PartFileMemory.OVERHEAD_BYTES);
        writer.opened(this);
    }

    /**
     * A file from state. Its bytes were admitted when they were written, so they are counted
     * without asking.
     *
     * @param upload null if S3 has nothing of it
     */
    PartFileStream(
            PartFileWriter writer,
            Path path,
            MultipartUpload upload,
            long bytesInParts,
            Bytes tail) {
        this.writer = writer;
        this.path = path;
        this.upload = upload;
        this.held =
                writer.memory()
                        .open(
                                PartFileMemory.OVERHEAD_BYTES
                                        + PartFileMemory.weightOpen(tail.capacity(), 0));
        writer.opened(this);
        buffer.append(tail);
        this.position = bytesInParts + tail.length();
    }

    @Override
    public long getPos() {
        return position;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int count) throws IOException {
        Objects.checkFromIndexSize(offset, count, source.length);
        checkUsable();
        int done = 0;
        while (done < count) {
            int fitting =
                    Math.min(count - done, Math.max(1, writer.partSizeBytes() - buffer.length()));
            makeRoom(fitting);
            buffer.append(source, offset + done, fitting);
            done += fitting;
            position += fitting;
            if (buffer.length() >= writer.partSizeBytes()) {
                uploadBuffer();
            }
        }
    }

    private void makeRoom(int count) throws IOException {
        if (buffer.growthFor(count) == 0) {
            return;
        }
        if (holdsWholePart()) {
            writer.rememberLarge(this);
            if (writer.memory().isScarce()) {
                uploadBuffer();
            }
        } else if (buffer.packableLength() >= PACKED_BYTES && writer.memory().isFilling()) {
            pack();
        }
        if (!held.tryGrow(Math.max(0, growthInWeight(count)))) {
            writer.uploadLargeFiles();
            writer.grow(held, Math.max(0, growthInWeight(count)));
        }
    }

    /** Holds the same bytes in less memory, and in less state. */
    private void pack() {
        buffer.pack();
        held.resize(held.bytes() + growthInWeight(0));
    }

    /**
     * What the file will count more, or less, than it does when the buffer has room for so many.
     */
    private long growthInWeight(int count) {
        int growth = buffer.growthFor(count);
        return PartFileMemory.OVERHEAD_BYTES
                + PartFileMemory.weightOpen(
                        buffer.capacity() + growth, buffer.unpackedCapacity(growth))
                - held.bytes();
    }

    /** The bytes in memory are enough for a part that is not the last. */
    private boolean holdsWholePart() {
        return buffer.length() >= MultipartUpload.MIN_PART_BYTES;
    }

    /** Sends the bytes in memory to S3 as the next part. */
    void uploadBuffer() throws IOException {
        if (upload == null) {
            upload = writer.startUpload(key());
        }
        writer.forgetLarge(this);
        upload.upload(
                buffer.detach(), held.moveToUpload(held.bytes() - PartFileMemory.OVERHEAD_BYTES));
    }

    private String key() {
        return path.toUri().getPath().substring(1);
    }

    @Override
    public void flush() {
        // Bytes leave memory when a part is full, or with persist() into the checkpoint.
    }

    @Override
    public void sync() {
        // S3 has no way to make an unfinished object durable; persist() does it through the
        // checkpoint.
    }

    @Override
    public ResumeRecoverable persist() throws IOException {
        checkUsable();
        pack();
        return upload == null
                ? PartFileRecoverable.inMemory(key(), buffer.view())
                : upload.awaitAndSnapshot(buffer.view());
    }

    @Override
    public Committer closeForCommit() throws IOException {
        checkUsable();
        PartFileRecoverable file;
        if (upload == null) {
            pack();
        }
        if (upload == null && mayWaitInMemory()) {
            file = PartFileRecoverable.inMemory(key(), buffer.detach());
            writer.keepUntilCommitted(file, held);
        } else {
            if (buffer.length() > 0) {
                uploadBuffer();
            }
            file = upload.awaitAndSnapshot(Bytes.EMPTY);
            held.close();
        }
        markClosed();
        return writer.committer(file);
    }

    /**
     * Takes what a finished file counts more than an open one, if there is room; it is nothing for
     * small files.
     */
    private boolean mayWaitInMemory() {
        long growth = PartFileMemory.weightFinished(buffer.capacity()) - held.bytes();
        return growth <= 0 || (!writer.memory().isScarce() && held.tryGrow(growth));
    }

    /** Discards the file, unless a handle of it was given out. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        buffer.detach();
        held.close();
        if (upload != null) {
            upload.discard();
        }
        markClosed();
    }

    private void markClosed() {
        closed = true;
        writer.forgetLarge(this);
        writer.closed(this);
    }

    private void checkUsable() throws IOException {
        if (closed) {
            throw new IOException(writer.address(key()) + " is closed");
        }
        if (upload != null) {
            upload.checkNotFailed();
        }
    }
}
