package io.quotelake.s3;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The bytes of an open file that S3 does not have yet. It starts as small as its first row, because
 * most files of a finely partitioned table hold one row, grows by half, and from 64 KiB on takes
 * further chunks instead of copying.
 */
final class PartBuffer {
    /** Small enough that G1 does not treat a chunk as humongous with any heap size. */
    static final int CHUNK_BYTES = 64 * 1024;

    /** Room behind the first write for the line end that often comes as a write of its own. */
    private static final int FIRST_SLACK_BYTES = 8;

    private static final byte[] NOTHING = new byte[0];

    private List<byte[]> fullChunks;
    private byte[] chunk = NOTHING;
    private int chunkLength;
    private int length;

    int length() {
        return length;
    }

    /** Bytes of memory that are allocated. */
    int capacity() {
        return (fullChunks == null ? 0 : fullChunks.size() * CHUNK_BYTES) + chunk.length;
    }

    /**
     * Bytes of memory that {@link #append} of so many bytes would newly allocate, 0 when they fit.
     */
    int growthFor(int count) {
        int free = chunk.length - chunkLength;
        if (count <= free) {
            return 0;
        }
        if (chunkLength + count <= CHUNK_BYTES) {
            return grownCapacity(count) - chunk.length;
        }
        int growth = chunk.length == CHUNK_BYTES ? 0 : CHUNK_BYTES - chunk.length;
        int beyond = chunkLength + count - CHUNK_BYTES;
        return growth + (beyond + CHUNK_BYTES - 1) / CHUNK_BYTES * CHUNK_BYTES;
    }

    private int grownCapacity(int count) {
        int needed = chunkLength + count;
        int wanted = chunk.length == 0 ? needed + FIRST_SLACK_BYTES : chunk.length * 3 / 2;
        return Math.min(CHUNK_BYTES, (Math.max(needed, wanted) + 7) & ~7);
    }

    void append(byte[] source, int offset, int count) {
        int done = 0;
        while (done < count) {
            int remaining = count - done;
            if (remaining > chunk.length - chunkLength
                    && (chunk.length < CHUNK_BYTES || chunkLength == CHUNK_BYTES)) {
                makeRoom(remaining);
            }
            int fitting = Math.min(remaining, chunk.length - chunkLength);
            System.arraycopy(source, offset + done, chunk, chunkLength, fitting);
            chunkLength += fitting;
            done += fitting;
        }
        length += count;
    }

    private void makeRoom(int count) {
        if (chunk.length < CHUNK_BYTES) {
            int capacity = chunkLength + count <= CHUNK_BYTES ? grownCapacity(count) : CHUNK_BYTES;
            chunk = Arrays.copyOf(chunk, capacity);
            return;
        }
        if (fullChunks == null) {
            fullChunks = new ArrayList<>();
        }
        fullChunks.add(chunk);
        chunk = new byte[CHUNK_BYTES];
        chunkLength = 0;
    }

    /** The bytes written so far. What is appended later does not change them. */
    Bytes view() {
        if (length == 0) {
            return Bytes.EMPTY;
        }
        int full = fullChunks == null ? 0 : fullChunks.size();
        byte[][] chunks = new byte[full + 1][];
        for (int i = 0; i < full; i++) {
            chunks[i] = fullChunks.get(i);
        }
        chunks[full] = chunk;
        return new Bytes(chunks, length);
    }

    /** Hands the bytes over and starts again, empty. */
    Bytes detach() {
        Bytes bytes = view();
        fullChunks = null;
        chunk = NOTHING;
        chunkLength = 0;
        length = 0;
        return bytes;
    }
}
