package io.quotelake.s3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;

/** An immutable run of bytes, kept in chunks that are shared, never copied. */
final class Bytes {
    static final Bytes EMPTY = new Bytes(List.of());

    private final List<Chunk> chunks;
    private final int length;

    Bytes(List<Chunk> chunks) {
        this.chunks = List.copyOf(chunks);
        this.length = this.chunks.stream().mapToInt(Chunk::length).sum();
    }

    static Bytes of(byte[] bytes) {
        return new Bytes(List.of(Chunk.plain(bytes, bytes.length)));
    }

    List<Chunk> chunks() {
        return chunks;
    }

    int length() {
        return length;
    }

    /** Bytes of memory that are allocated. */
    int capacity() {
        return chunks.stream().mapToInt(Chunk::capacity).sum();
    }

    /** The bytes' CRC-32 as S3 writes it: four bytes, the highest first, in base64. */
    String crc32() throws IOException {
        CRC32 crc = new CRC32();
        for (Chunk chunk : chunks) {
            crc.update(chunk.bytes(), 0, chunk.length());
        }
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    /** A new stream over the bytes from the first one on, which can be reset to any mark. */
    InputStream newInputStream() {
        return new ChunkStream();
    }

    private final class ChunkStream extends InputStream {
        private byte[] current = new byte[0];
        private int currentLength;
        private int next;
        private int offset;
        private int remaining = length;
        private int markedNext;
        private int markedOffset;
        private int markedRemaining = length;

        @Override
        public int read() throws IOException {
            if (remaining == 0) {
                return -1;
            }
            openNextChunkAtEnd();
            remaining--;
            return current[offset++] & 0xff;
        }

        @Override
        public int read(byte[] target, int targetOffset, int count) throws IOException {
            Objects.checkFromIndexSize(targetOffset, count, target.length);
            if (count == 0) {
                return 0;
            }
            if (remaining == 0) {
                return -1;
            }
            openNextChunkAtEnd();
            int read = Math.min(count, currentLength - offset);
            System.arraycopy(current, offset, target, targetOffset, read);
            offset += read;
            remaining -= read;
            return read;
        }

        private void openNextChunkAtEnd() throws IOException {
            while (offset == currentLength) {
                open(next);
                offset = 0;
            }
        }

        private void open(int number) throws IOException {
            Chunk chunk = chunks.get(number);
            current = chunk.bytes();
            currentLength = chunk.length();
            next = number + 1;
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
            markedNext = next;
            markedOffset = offset;
            markedRemaining = remaining;
        }

        @Override
        public void reset() throws IOException {
            if (markedNext == 0) {
                currentLength = 0;
                next = 0;
            } else if (markedNext != next) {
                open(markedNext - 1);
            }
            offset = markedOffset;
            remaining = markedRemaining;
        }
    }
}
