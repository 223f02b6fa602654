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

    /** Capacity of a chunk behind others, at the least: such a file has many rows. */
    private static final int NEXT_CHUNK_BYTES = 4 * 1024;

    private static final byte[] NOTHING = new byte[0];

    private List<Chunk> sealed = List.of();
    private int sealedCapacity;
    private boolean packable = true;
    private boolean packs;
    private byte[] chunk = NOTHING;
    private int chunkLength;
    private int length;

    int length() {
        return length;
    }

    /** Bytes of memory that are allocated. */
    int capacity() {
        return sealedCapacity + chunk.length;
    }

    /**
     * How many bytes of {@link #capacity()}, after some growth, {@link #pack()} will shrink if it
     * does as well as before.
     */
    int unpackedCapacity(int growth) {
        return packs ? Math.max(0, chunk.length + growth - Chunk.MIN_PACKED_BYTES) : 0;
    }

    /** Bytes that {@link #pack()} could shrink. */
    int packableLength() {
        return packable ? chunkLength : 0;
    }

    /**
     * How many bytes of memory {@link #append} of that many bytes would allocate; 0 when they fit.
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
        int wanted = chunk.length * 3 / 2;
        if (chunk.length == 0) {
            wanted = sealed.isEmpty() ? needed + FIRST_SLACK_BYTES : NEXT_CHUNK_BYTES;
        }
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
        seal(Chunk.plain(chunk, chunkLength));
        chunk = new byte[CHUNK_BYTES];
    }

    private void seal(Chunk full) {
        if (sealed.isEmpty()) {
            sealed = new ArrayList<>();
        }
        sealed.add(full);
        sealedCapacity += full.capacity();
        chunk = NOTHING;
        chunkLength = 0;
    }

    /** Continues with bytes that were written elsewhere. */
    void append(Bytes bytes) {
        if (chunkLength > 0) {
            seal(Chunk.plain(chunk, chunkLength));
        }
        bytes.chunks().forEach(this::seal);
        length += bytes.length();
    }

    /**
     * Packs all bytes so far, where that makes them fewer. Files whose bytes don't shrink are left
     * alone from then on.
     */
    void pack() {
        if (!packable || length < Chunk.MIN_PACKED_BYTES) {
            return;
        }
        if (chunkLength >= Chunk.MIN_PACKED_BYTES) {
            seal(Chunk.plain(chunk, chunkLength));
        }
        sealedCapacity = 0;
        for (int i = 0; i < sealed.size(); i++) {
            Chunk packed = sealed.get(i).pack();
            packs |= packed.isPacked();
            packable &= packed.isPacked() || packed.length() < Chunk.MIN_PACKED_BYTES;
            sealed.set(i, packed);
            sealedCapacity += packed.capacity();
        }
        packs &= packable;
    }

    /** The bytes written so far. What is appended later does not change them. */
    Bytes view() {
        if (length == 0) {
            return Bytes.EMPTY;
        }
        List<Chunk> chunks = new ArrayList<>(sealed);
        if (chunkLength > 0) {
            chunks.add(Chunk.plain(chunk, chunkLength));
        }
        return new Bytes(chunks);
    }

    /** Hands the bytes over and starts again, empty. */
    Bytes detach() {
        Bytes bytes = view();
        sealed = List.of();
        sealedCapacity = 0;
        chunk = NOTHING;
        chunkLength = 0;
        length = 0;
        return bytes;
    }
}
