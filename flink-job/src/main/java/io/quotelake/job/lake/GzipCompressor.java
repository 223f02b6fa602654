package io.quotelake.job.lake;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes gzip members (RFC 1952, section 2.3) with one deflater for all files. */
final class GzipCompressor implements BatchCompressor {

    /** Magic, deflate, no flags, no time, no extra flags, unknown system. */
    private static final byte[] HEADER = {
        0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, (byte) 0xff
    };

    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final CRC32 crc = new CRC32();
    private final byte[] chunk = new byte[16 * 1024];

    @Override
    public void compress(byte[] batch, int length, OutputStream out) throws IOException {
        out.write(HEADER);
        deflater.reset();
        deflater.setInput(batch, 0, length);
        deflater.finish();
        while (!deflater.finished()) {
            out.write(chunk, 0, deflater.deflate(chunk));
        }
        crc.reset();
        crc.update(batch, 0, length);
        ByteBuffer trailer = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        out.write(trailer.putInt((int) crc.getValue()).putInt(length).array());
    }

    @Override
    public void close() {
        deflater.end();
    }
}
