package io.quotelake.job.lake;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.io.OutputStream;

/** Writes zstd frames (RFC 8878, section 3.1.1) with one context for all files. */
final class ZstdCompressor implements BatchCompressor {

    /** The fastest of the ordinary levels: more would cost more time than all else together. */
    private static final int LEVEL = 1;

    private final ZstdCompressCtx context =
            new ZstdCompressCtx().setLevel(LEVEL).setChecksum(true).setContentSize(true);
    private byte[] frame = new byte[0];

    @Override
    public void compress(byte[] batch, int length, OutputStream out) throws IOException {
        int bound = (int) Zstd.compressBound(length);
        if (frame.length < bound) {
            frame = new byte[bound];
        }
        int written = context.compressByteArray(frame, 0, frame.length, batch, 0, length);
        out.write(frame, 0, written);
    }

    @Override
    public void close() {
        context.close();
    }
}
