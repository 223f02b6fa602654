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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;

/**
 * The file of quotes, or standard input. It is read as UTF-8, unpacked first when it begins as gzip
 * does (RFC 1952), and without the byte-order mark that it may begin with: the plain one, or the
 * doubly encoded one that programs leave which read the mark as Windows-1252.
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
    private final long size;

    private volatile FileChannel channel;

    /**
     * @param name a path, or {@link #STANDARD_INPUT}
     * @throws UsageException when there is no such file, or it can't be read
     */
    CsvInput(String name) {
        this.name = name;
        this.standardInput = name.equals(STANDARD_INPUT);
        this.size = standardInput ? -1 : checkedSize(Path.of(name));
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

    public boolean isStandardInput() {
        return standardInput;
    }

    /** For messages: the path as it was given. */
    @Override
    public String toString() {
        return standardInput ? "standard input" : name;
    }

    /** The name of the rejects that belong to this input, in the working directory. */
    Path defaultRejects() {
        String stem =
                standardInput
                        ? "stdin"
                        : Path.of(name)
                                .getFileName()
                                .toString()
                                .replaceFirst("(?i)\\.gz$", "")
                                .replaceFirst("(?i)\\.csv$", "");
        return Path.of(stem + ".rejects.csv");
    }

    /** Whether the path names this input. */
    boolean isSameFile(Path path) throws IOException {
        return !standardInput && Files.exists(path) && Files.isSameFile(Path.of(name), path);
    }

    /** The text from its beginning. */
    Reader open() throws IOException {
        channel =
                standardInput
                        ? new FileInputStream(FileDescriptor.in).getChannel()
                        : FileChannel.open(Path.of(name));
        InputStream bytes = new BufferedInputStream(new ChannelBytes(channel), BUFFER_BYTES);
        bytes.mark(LONGEST_MARK);
        byte[] start = bytes.readNBytes(LONGEST_MARK);
        bytes.reset();
        if (startsWith(start, (byte) 0x1F, (byte) 0x8B)) {
            bytes = new GZIPInputStream(bytes, BUFFER_BYTES);
        } else if (startsWith(start, (byte) 'P', (byte) 'K', (byte) 3, (byte) 4)) {
            throw new UsageException(this + " is a zip archive: unpack it first");
        } else if (startsWith(start, (byte) 0xFF, (byte) 0xFE)
                || startsWith(start, (byte) 0xFE, (byte) 0xFF)) {
            throw new UsageException(this + " is UTF-16: save it as UTF-8");
        }
        return new InputStreamReader(withoutMarks(bytes), StandardCharsets.UTF_8);
    }

    private static InputStream withoutMarks(InputStream bytes) throws IOException {
        PushbackInputStream rest = new PushbackInputStream(bytes, LONGEST_MARK);
        while (true) {
            byte[] start = rest.readNBytes(LONGEST_MARK);
            int mark =
                    startsWith(start, MARK)
                            ? MARK.length
                            : startsWith(start, MARK_ENCODED_TWICE) ? MARK_ENCODED_TWICE.length : 0;
            rest.unread(start, mark, start.length - mark);
            if (mark == 0) {
                return rest;
            }
        }
    }

    private static boolean startsWith(byte[] bytes, byte... prefix) {
        for (int i = 0; i < prefix.length; i++) {
            if (i >= bytes.length || bytes[i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    /** The share of the bytes that was read, from 0 to 1, or NaN for standard input. */
    public double shareRead() {
        try {
            FileChannel current = channel;
            return size <= 0 || current == null || !current.isOpen()
                    ? Double.NaN
                    : (double) current.position() / size;
        } catch (IOException e) {
            return Double.NaN;
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
