package io.quotelake.s3;

import java.io.InputStream;
import java.util.Objects;

/**
 * An immutable run of bytes, kept in the chunks in which it was written. Chunks are shared, never
 * copied: whoever writes on only appends behind {@link #length()}.
 */
final class Bytes {
    static final Bytes EMPTY = new Bytes(new byte[0][], 0);

    private final byte[][] chunks;
    private final int length;

    /**
     * @param chunks arrays that are all full, but for the last
     * @param length bytes over all chunks
     */
    Bytes(byte[][] chunks, int length) {
        this.chunks = chunks;
        this.length = length;
    }

    static Bytes of(byte[] bytes) {
        return new Bytes(new byte[][] {bytes}, bytes.length);
    }

    int length() {
        return length;
    }

    /** Copies all bytes into {@code target} from {@code offset} on. */
    void copyTo(byte[] target, int offset) {
        int remaining = length;
        for (byte[] chunk : chunks) {
            int count = Math.min(remaining, chunk.length);
            System.arraycopy(chunk, 0, target, offset + length - remaining, count);
            remaining -= count;
        }
    }

    /** A new stream over the bytes from the first one on, which can be reset to any mark. */
    InputStream newInputStream() {
        return new ChunkStream();
    }

    private final class ChunkStream extends InputStream {
        private int chunk;
        private int offset;
        private int remaining = length;
        private int markedChunk;
        private int markedOffset;
        private int markedRemaining = length;

        @Override
        public int read() {
            if (remaining == 0) {
                return -1;
            }
            nextChunkIfAtEnd();
            remaining--;
            return chunks[chunk][offset++] & 0xff;
        }

        @Override
        public int read(byte[] target, int targetOffset, int count) {
            Objects.checkFromIndexSize(targetOffset, count, target.length);
            if (count == 0) {
                return 0;
            }
            if (remaining == 0) {
                return -1;
            }
            nextChunkIfAtEnd();
            int read = Math.min(count, Math.min(remaining, chunks[chunk].length - offset));
            System.arraycopy(chunks[chunk], offset, target, targetOffset, read);
            offset += read;
            remaining -= read;
            return read;
        }

        private void nextChunkIfAtEnd() {
            while (offset == chunks[chunk].length) {
                chunk++;
                offset = 0;
            }
        }

        @Override
        public int available() {
            return remaining;
        }

        @Override
        public boolean markSupported() {
            return true;
        }

        @Override
        public void mark(int ignoredReadLimit) {
            markedChunk = chunk;
            markedOffset = offset;
            markedRemaining = remaining;
        }

        @Override
        public void reset() {
            chunk = markedChunk;
            offset = markedOffset;
            remaining = markedRemaining;
        }
    }
}
