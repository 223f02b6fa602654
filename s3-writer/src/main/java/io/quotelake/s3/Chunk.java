package io.quotelake.s3;

import java.io.IOException;

/**
 * Consecutive bytes of a part file as memory and Flink state hold them: as they were written, or
 * packed. Immutable; whoever shares the array of a plain chunk only appends behind its length.
 */
final class Chunk {
    /** Fewer bytes stay plain: they would hardly shrink. */
    static final int MIN_PACKED_BYTES = 4 * 1024;

    private final byte[] array;
    private final int storedLength;
    private final int length;
    private final boolean packed;

    private Chunk(byte[] array, int storedLength, int length, boolean packed) {
        this.array = array;
        this.storedLength = storedLength;
        this.length = length;
        this.packed = packed;
    }

    /** The first {@code length} bytes of an array. */
    static Chunk plain(byte[] array, int length) {
        return new Chunk(array, length, length, false);
    }

    /**
     * Bytes that {@link Zstd} packed.
     *
     * @param length how many they are when unpacked
     */
    static Chunk packed(byte[] array, int length) {
        return new Chunk(array, array.length, length, true);
    }

    /** Bytes of the file. */
    int length() {
        return length;
    }

    boolean isPacked() {
        return packed;
    }

    /** Bytes of memory that are allocated. */
    int capacity() {
        return array.length;
    }

    /** Bytes in {@link #stored()} that count. */
    int storedLength() {
        return storedLength;
    }

    /** The bytes as they are held, in an array that may be longer. */
    byte[] stored() {
        return array;
    }

    /** The bytes of the file, in an array that may be longer. */
    byte[] bytes() throws IOException {
        return packed ? Zstd.unpack(array, length) : array;
    }

    /** The same bytes in less memory, or this if that is not possible. */
    Chunk pack() {
        if (packed || length < MIN_PACKED_BYTES) {
            return this;
        }
        byte[] smaller = Zstd.pack(array, length);
        return smaller.length > length / 4 * 3 ? this : packed(smaller, length);
    }
}
