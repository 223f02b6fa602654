package io.quotelake.s3;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * State that flink-s3-fs-hadoop wrote, so that a job can go over to this writer from a savepoint.
 * Its format (version 1 of {@code S3RecoverableSerializer}), little-endian: int magic, key, upload
 * ID, int number of parts, for each part int number and ETag, long bytes in parts, name of the
 * tail's object (length 0: none), long its length; a text is an int length and UTF-8.
 */
final class StockPluginState {
    private static final int MAGIC = 0x98761432;

    private StockPluginState() {}

    static PartFileRecoverable read(byte[] bytes) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try {
            if (in.getInt() != MAGIC) {
                throw new IOException(
                        "Version 1 of part file state that flink-s3-fs-hadoop did not write");
            }
            String key = text(in);
            String uploadId = text(in);
            int count = in.getInt();
            List<UploadedPart> parts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                parts.add(new UploadedPart(in.getInt(), text(in), null));
            }
            long bytesInParts = in.getLong();
            String tailObject = text(in);
            return PartFileRecoverable.ofStockPlugin(
                    key, uploadId, parts, bytesInParts, tailObject.isEmpty() ? null : tailObject);
        } catch (BufferUnderflowException e) {
            throw new IOException("Corrupt state of flink-s3-fs-hadoop: it ends too early", e);
        }
    }

    private static String text(ByteBuffer in) throws IOException {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] utf8 = new byte[length];
        in.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
