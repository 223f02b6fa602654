package io.quotelake.s3;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Packs chunks of part files while they wait in memory, one <a
 * href="https://www.rfc-editor.org/rfc/rfc8878">Zstandard</a> frame each. The native contexts are
 * costly to make, so they stay for the next caller: as many as ever worked at once.
 */
final class Zstd {
    /** The fastest of the levels that find repeated names and digits in rows. */
    private static final int LEVEL = 1;

    private static final Queue<ZstdCompressCtx> PACKERS = new ConcurrentLinkedQueue<>();
    private static final Queue<ZstdDecompressCtx> UNPACKERS = new ConcurrentLinkedQueue<>();

    private Zstd() {}

    /** One frame of the first {@code length} bytes. */
    static byte[] pack(byte[] bytes, int length) {
        ZstdCompressCtx packer = PACKERS.poll();
        if (packer == null) {
            packer = new ZstdCompressCtx().setLevel(LEVEL);
        }
        byte[] frame = new byte[(int) com.github.luben.zstd.Zstd.compressBound(length)];
        int frameLength = packer.compressByteArray(frame, 0, frame.length, bytes, 0, length);
        PACKERS.add(packer);
        return Arrays.copyOf(frame, frameLength);
    }

    /**
     * @param length how many bytes the frame holds
     * @throws IOException if it is no frame of so many bytes
     */
    static byte[] unpack(byte[] frame, int length) throws IOException {
        ZstdDecompressCtx unpacker = UNPACKERS.poll();
        if (unpacker == null) {
            unpacker = new ZstdDecompressCtx();
        }
        byte[] bytes = new byte[length];
        int unpacked;
        try {
            unpacked = unpacker.decompressByteArray(bytes, 0, length, frame, 0, frame.length);
        } catch (ZstdException e) {
            throw new IOException("Corrupt bytes of an S3 part file: " + e.getMessage(), e);
        } finally {
            UNPACKERS.add(unpacker);
        }
        if (unpacked != length) {
            throw new IOException(
                    "Corrupt bytes of an S3 part file: "
                            + unpacked
                            + " where "
                            + length
                            + " are expected");
        }
        return bytes;
    }
}
