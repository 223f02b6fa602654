package io.quotelake.s3;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.apache.flink.core.fs.RecoverableWriter.CommitRecoverable;
import org.apache.flink.core.fs.RecoverableWriter.ResumeRecoverable;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Part files in Flink state. Version 4, big-endian:
 *
 * <pre>
 * int     magic 0x514c5333, "QLS3"
 * byte    kind: 0 all bytes in memory, 1 multipart upload; + 2 if the bytes were dropped (clean-up only)
 * string  key
 * kind 1: string upload ID, varint bytes in parts, varint number of parts, and for each part
 *         varint number, byte 0 and the 16 bytes of an ETag of 32 hex digits, or byte 1 and the ETag as a string;
 *         the byte is 2 more if the 4 bytes of the part's CRC-32 follow
 * varint  number of chunks of the tail, and for each chunk
 *         varint twice its length, + 1 if it is packed and a varint length of its frame follows; and its bytes
 * </pre>
 *
 * A string is a varint length and UTF-8; a varint has seven bits a byte, the lowest first. A packed
 * chunk is one Zstandard frame. Version 3, which has no CRC-32, version 2, whose tail is a length
 * and so many bytes, and version 1, the stock plugin's, are read but not written.
 */
final class PartFileRecoverableSerializer {
    static final int VERSION = 4;

    private static final int UNPACKED_VERSION = 2;
    private static final int STOCK_VERSION = 1;
    private static final int MAGIC = 0x514c5333;
    private static final int KIND_MULTIPART = 1;
    private static final int KIND_DROPPED = 2;
    private static final int ETAG_MD5 = 0;
    private static final int ETAG_STRING = 1;
    private static final int HAS_CRC32 = 2;
    private static final int CRC32_BYTES = 4;
    private static final int MD5_HEX_DIGITS = 32;
    private static final int MAX_VARINT_BYTES = 10;

    private PartFileRecoverableSerializer() {}

    /** Reads and writes files that wait for their commit. */
    static SimpleVersionedSerializer<CommitRecoverable> forCommit() {
        return new SimpleVersionedSerializer<>() {
            @Override
            public int getVersion() {
                return VERSION;
            }

            @Override
            public byte[] serialize(CommitRecoverable recoverable) throws IOException {
                return write((PartFileRecoverable) recoverable);
            }

            @Override
            public CommitRecoverable deserialize(int version, byte[] bytes) throws IOException {
                return read(version, bytes);
            }
        };
    }

    /** Reads and writes open files. A handle's bytes are written once, and then dropped from it. */
    static SimpleVersionedSerializer<ResumeRecoverable> forResume() {
        return new SimpleVersionedSerializer<>() {
            @Override
            public int getVersion() {
                return VERSION;
            }

            @Override
            public byte[] serialize(ResumeRecoverable recoverable) throws IOException {
                PartFileRecoverable file = (PartFileRecoverable) recoverable;
                byte[] bytes = write(file);
                file.dropTail();
                return bytes;
            }

            @Override
            public ResumeRecoverable deserialize(int version, byte[] bytes) throws IOException {
                return read(version, bytes);
            }
        };
    }

    private static byte[] write(PartFileRecoverable file) throws IOException {
        if (file.tailObject() != null) {
            throw new IOException(
                    "State of Flink's S3 plugin is resumed, not written again: " + file.key());
        }
        ByteBuffer out = ByteBuffer.allocate(capacity(file));
        int dropped = file.tail() == null ? KIND_DROPPED : 0;
        out.putInt(MAGIC);
        out.put((byte) (dropped + (file.isMultipart() ? KIND_MULTIPART : 0)));
        putString(out, file.key());
        if (file.isMultipart()) {
            putString(out, file.uploadId());
            putVarint(out, file.bytesInParts());
            putVarint(out, file.parts().size());
            for (UploadedPart part : file.parts()) {
                putVarint(out, part.number());
                putETagAndCrc32(out, part);
            }
        }
        Bytes tail = file.tail() == null ? Bytes.EMPTY : file.tail();
        putVarint(out, tail.chunks().size());
        for (Chunk chunk : tail.chunks()) {
            putVarint(out, 2L * chunk.length() + (chunk.isPacked() ? 1 : 0));
            if (chunk.isPacked()) {
                putVarint(out, chunk.storedLength());
            }
            out.put(chunk.stored(), 0, chunk.storedLength());
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    private static int capacity(PartFileRecoverable file) {
        int maxBytesPerChar = 3;
        int capacity = 32 + file.key().length() * maxBytesPerChar;
        if (file.tail() != null) {
            for (Chunk chunk : file.tail().chunks()) {
                capacity += 2 * MAX_VARINT_BYTES + chunk.storedLength();
            }
        }
        if (file.isMultipart()) {
            capacity +=
                    2 * MAX_VARINT_BYTES
                            + file.uploadId().length() * maxBytesPerChar
                            + MAX_VARINT_BYTES;
            for (UploadedPart part : file.parts()) {
                capacity +=
                        2 * MAX_VARINT_BYTES + part.eTag().length() * maxBytesPerChar + CRC32_BYTES;
            }
        }
        return capacity;
    }

    private static PartFileRecoverable read(int version, byte[] bytes) throws IOException {
        if (version == STOCK_VERSION) {
            return StockPluginState.read(bytes);
        }
        if (version < UNPACKED_VERSION || version > VERSION) {
            throw new IOException(
                    "This state of an S3 part file has version "
                            + version
                            + "; this job reads version 1 (flink-s3-fs-hadoop) to 4. Resume it with the job that"
                            + " wrote it, or a newer one.");
        }
        try {
            return read(ByteBuffer.wrap(bytes), version);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new IOException("Corrupt state of an S3 part file: it ends too early", e);
        }
    }

    private static PartFileRecoverable read(ByteBuffer in, int version) throws IOException {
        int magic = in.getInt();
        if (magic != MAGIC) {
            throw new IOException(
                    String.format(
                            Locale.ROOT,
                            "Corrupt state of an S3 part file: it begins with %08x, not with %08x",
                            magic,
                            MAGIC));
        }
        int kind = in.get();
        if (kind < 0 || kind > (KIND_MULTIPART | KIND_DROPPED)) {
            throw new IOException("Corrupt state of an S3 part file: unknown kind " + kind);
        }
        String key = getString(in);
        String uploadId = null;
        long bytesInParts = 0;
        List<UploadedPart> parts = new ArrayList<>();
        if ((kind & KIND_MULTIPART) != 0) {
            uploadId = getString(in);
            bytesInParts = getVarint(in);
            long count = getVarint(in);
            for (long i = 0; i < count; i++) {
                parts.add(getPart(in));
            }
        }
        Bytes tail = version == UNPACKED_VERSION ? Bytes.of(getBytes(in)) : getChunks(in);
        if (in.hasRemaining()) {
            throw new IOException(
                    "Corrupt state of an S3 part file: " + in.remaining() + " bytes too many");
        }
        if ((kind & KIND_DROPPED) != 0) {
            tail = null;
        }
        return uploadId == null
                ? PartFileRecoverable.inMemory(key, tail)
                : PartFileRecoverable.multipart(key, uploadId, parts, bytesInParts, tail);
    }

    private static Bytes getChunks(ByteBuffer in) throws IOException {
        long count = getVarint(in);
        List<Chunk> chunks = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            long lengthAndKind = getVarint(in);
            int length = (int) Math.min(lengthAndKind / 2, Integer.MAX_VALUE);
            boolean packed = lengthAndKind % 2 == 1;
            chunks.add(
                    packed
                            ? Chunk.packed(getBytes(in), length)
                            : Chunk.plain(getBytes(in, length), length));
        }
        return new Bytes(chunks);
    }

    private static void putETagAndCrc32(ByteBuffer out, UploadedPart part) {
        int crc32 = part.crc32() == null ? 0 : HAS_CRC32;
        if (isMd5(part.eTag())) {
            out.put((byte) (ETAG_MD5 + crc32)).put(HexFormat.of().parseHex(part.eTag()));
        } else {
            out.put((byte) (ETAG_STRING + crc32));
            putString(out, part.eTag());
        }
        if (part.crc32() != null) {
            out.put(Base64.getDecoder().decode(part.crc32()));
        }
    }

    private static UploadedPart getPart(ByteBuffer in) throws IOException {
        int number = (int) getVarint(in);
        int kind = in.get();
        if (kind < 0 || kind > (ETAG_STRING | HAS_CRC32)) {
            throw new IOException("Corrupt state of an S3 part file: unknown kind of ETag " + kind);
        }
        String eTag =
                (kind & ETAG_STRING) == 0
                        ? HexFormat.of().formatHex(getBytes(in, MD5_HEX_DIGITS / 2))
                        : getString(in);
        String crc32 =
                (kind & HAS_CRC32) == 0
                        ? null
                        : Base64.getEncoder().encodeToString(getBytes(in, CRC32_BYTES));
        return new UploadedPart(number, eTag, crc32);
    }

    /** An MD5 digest as S3 writes it, in lower-case hex digits. */
    static boolean isMd5(String eTag) {
        if (eTag.length() != MD5_HEX_DIGITS) {
            return false;
        }
        for (int i = 0; i < MD5_HEX_DIGITS; i++) {
            char c = eTag.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    private static void putString(ByteBuffer out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        putVarint(out, utf8.length);
        out.put(utf8);
    }

    private static String getString(ByteBuffer in) throws IOException {
        return new String(getBytes(in), StandardCharsets.UTF_8);
    }

    private static byte[] getBytes(ByteBuffer in) throws IOException {
        return getBytes(in, getVarint(in));
    }

    private static byte[] getBytes(ByteBuffer in, long length) {
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return bytes;
    }

    private static void putVarint(ByteBuffer out, long value) {
        long rest = value;
        while (rest >= 0x80) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    private static long getVarint(ByteBuffer in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IOException("Corrupt state of an S3 part file: a number has too many digits");
    }
}
