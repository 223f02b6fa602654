package io.quotelake.producer.csv;

import io.quotelake.producer.terminal.UsageException;
import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;

/**
 * The file of quotes, or standard input. It is read as UTF-8, as UTF-16 where the bytes can be
 * nothing else, or as the person says; unpacked first when it begins as gzip does (RFC 1952), and
 * without the byte-order mark that it may begin with: the plain one, or the doubly encoded one that
 * programs leave which read the mark as Windows-1252.
 *
 * <p>Reads go through a file channel, because closing one ends a read that waits in another thread:
 * Ctrl-C must not wait for a line on standard input.
 */
public final class CsvInput {

    /** The name on the command line that stands for standard input. */
    static final String STANDARD_INPUT = "-";

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int LONGEST_MARK = 6;
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final byte[] MARK_ENCODED_TWICE = {
        (byte) 0xC3, (byte) 0xAF, (byte) 0xC2, (byte) 0xBB, (byte) 0xC2, (byte) 0xBF
    };

    private final String name;
    private final boolean standardInput;
    private final boolean readOnce;
    private final long size;

    private volatile FileChannel channel;
    private Charset encoding;

    /**
     * @param name a path, or {@link #STANDARD_INPUT}
     * @throws UsageException when there is no such file, or it can't be read
     */
    CsvInput(String name) {
        this.name = name;
        this.standardInput = name.equals(STANDARD_INPUT);
        this.size = standardInput ? -1 : checkedSize(Path.of(name));
        this.readOnce = standardInput || !Files.isRegularFile(Path.of(name));
    }

    private static long checkedSize(Path file) {
        if (!Files.exists(file)) {
            throw new UsageException(
                    "there is no file %s (looked in %s): name the CSV file, or - for standard input"
                            .formatted(file, file.toAbsolutePath().getParent()));
        }
        if (Files.isDirectory(file) || !Files.isReadable(file)) {
            throw new UsageException(
                    "%s is %s: name a CSV file, or - for standard input"
                            .formatted(
                                    file,
                                    Files.isDirectory(file)
                                            ? "a directory"
                                            : "not readable for this user"));
        }
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UsageException("can't read " + file + ": " + e.getMessage());
        }
    }

    /** Whether it can't be read again: standard input, or a pipe with a name. */
    public boolean isReadOnce() {
        return readOnce;
    }

    /** For messages: the path as it was given. */
    @Override
    public String toString() {
        return standardInput ? "standard input" : name;
    }

    /** The file's name without its folder and endings such as {@code .csv.gz}. */
    String stem() {
        return standardInput
                ? "stdin"
                : Path.of(name)
                        .getFileName()
                        .toString()
                        .replaceFirst("(?i)\\.gz$", "")
                        .replaceFirst("(?i)\\.(csv|tsv|txt)$", "");
    }

    /** Whether the path names this input. */
    boolean isSameFile(Path path) throws IOException {
        return !standardInput && Files.exists(path) && Files.isSameFile(Path.of(name), path);
    }

    /**
     * The text from its beginning.
     *
     * @param told the encoding that the person named, or null: then UTF-8, or UTF-16 where the
     *     bytes can be nothing else
     * @throws UsageException when the file is no text
     */
    Reader open(Charset told) throws IOException {
        channel =
                standardInput
                        ? new FileInputStream(FileDescriptor.in).getChannel()
                        : FileChannel.open(Path.of(name));
        InputStream bytes = new BufferedInputStream(new ChannelBytes(channel), BUFFER_BYTES);
        if (startsWith(begin(bytes), (byte) 0x1F, (byte) 0x8B)) {
            bytes = new BufferedInputStream(new GZIPInputStream(bytes, BUFFER_BYTES), BUFFER_BYTES);
        }
        byte[] begin = begin(bytes);
        for (OtherContent other : OtherContent.values()) {
            if (startsWith(begin, other.magic)) {
                throw new UsageException(this + " is " + other.words);
            }
        }
        encoding = told == null ? encoding(bytes, begin) : told;
        return new InputStreamReader(withoutMarks(bytes), encoding);
    }

    /** What the text turned out to be encoded in, once it is open. */
    Charset encoding() {
        return encoding;
    }

    private static byte[] begin(InputStream bytes) throws IOException {
        bytes.mark(LONGEST_MARK);
        byte[] begin = bytes.readNBytes(LONGEST_MARK);
        bytes.reset();
        return begin;
    }

    /**
     * Letters, digits and separators of UTF-16 have a zero byte each, and no text of UTF-8 has one.
     */
    private static Charset encoding(InputStream bytes, byte[] begin) throws IOException {
        if (startsWith(begin, (byte) 0xFF, (byte) 0xFE)) {
            return StandardCharsets.UTF_16LE;
        }
        if (startsWith(begin, (byte) 0xFE, (byte) 0xFF)) {
            return StandardCharsets.UTF_16BE;
        }
        int zerosFirst = 0;
        int zerosSecond = 0;
        for (int i = 0; i + 1 < begin.length; i += 2) {
            zerosFirst += begin[i] == 0 ? 1 : 0;
            zerosSecond += begin[i + 1] == 0 ? 1 : 0;
        }
        if (zerosFirst == zerosSecond) {
            return StandardCharsets.UTF_8;
        }
        return zerosFirst > zerosSecond ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
    }

    /** What people also call a CSV file, and how it begins. */
    private enum OtherContent {
        ZIP(
                "a zip archive or a spreadsheet (.xlsx): unpack it, or save the sheet as CSV",
                'P',
                'K',
                3,
                4),
        XLS("a spreadsheet (.xls): save the sheet as CSV", 0xD0, 0xCF, 0x11, 0xE0),
        PDF("a PDF document: a CSV file is needed", '%', 'P', 'D', 'F'),
        PARQUET("a Parquet file: save it as CSV", 'P', 'A', 'R', '1'),
        BZIP2("packed with bzip2: unpack it, or pack it with gzip", 'B', 'Z', 'h'),
        XZ("packed with xz: unpack it, or pack it with gzip", 0xFD, '7', 'z', 'X', 'Z'),
        ZSTD("packed with zstd: unpack it, or pack it with gzip", 0x28, 0xB5, 0x2F, 0xFD);

        private final String words;
        private final byte[] magic;

        OtherContent(String words, int... magic) {
            this.words = words;
            this.magic = new byte[magic.length];
            for (int i = 0; i < magic.length; i++) {
                this.magic[i] = (byte) magic[i];
            }
        }
    }

    private static InputStream withoutMarks(InputStream bytes) throws IOException {
        PushbackInputStream rest = new PushbackInputStream(bytes, LONGEST_MARK);
        while (true) {
            byte[] start = rest.readNBytes(LONGEST_MARK);
            int mark =
                    startsWith(start, MARK)
                            ? MARK.length
                            : startsWith(start, MARK_ENCODED_TWICE)
                                    ? MARK_ENCODED_TWICE.length
                                    : isMarkOfUtf16(start) ? 2 : 0;
            rest.unread(start, mark, start.length - mark);
            if (mark == 0) {
                return rest;
            }
        }
    }

    private static boolean isMarkOfUtf16(byte[] start) {
        return startsWith(start, (byte) 0xFF, (byte) 0xFE)
                || startsWith(start, (byte) 0xFE, (byte) 0xFF);
    }

    private static boolean startsWith(byte[] bytes, byte... prefix) {
        for (int i = 0; i < prefix.length; i++) {
            if (i >= bytes.length || bytes[i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    /** The file's bytes on the disk, or -1 for standard input. */
    public long size() {
        return size;
    }

    /** How many of them were read: all, once the file is closed. */
    public double bytesRead() {
        try {
            FileChannel current = channel;
            return current == null || !current.isOpen() ? size : current.position();
        } catch (IOException e) {
            return size;
        }
    }

    /** Ends a read that waits in another thread: it throws a ClosedChannelException. */
    public void abort() throws IOException {
        FileChannel current = channel;
        if (current != null) {
            current.close();
        }
    }

    /** The SHA-256 of the file as it lies on the disk, in hexadecimal digits. */
    public String sha256() throws IOException {
        try (DigestInputStream bytes =
                new DigestInputStream(
                        Files.newInputStream(Path.of(name)),
                        MessageDigest.getInstance("SHA-256"))) {
            bytes.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(bytes.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Unlike the JDK's own stream over a channel, this one asks a pipe for no position. */
    private static final class ChannelBytes extends InputStream {
        private final FileChannel channel;

        ChannelBytes(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return channel.read(ByteBuffer.wrap(target, offset, length));
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
