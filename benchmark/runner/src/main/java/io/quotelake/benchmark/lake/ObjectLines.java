package io.quotelake.benchmark.lake;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** Reads the lines of an object, one at a time, without making a string of it. */
final class ObjectLines {
    private static final int BUFFER_BYTES = 1 << 16;

    /** Where a line is: in {@code bytes} from {@code start} to before {@code end}. */
    @FunctionalInterface
    interface Consumer {
        void line(byte[] bytes, int start, int end);
    }

    private ObjectLines() {}

    /**
     * Hands over each line; a last line that does not end is wrong, since readers would glue
     * another one to it.
     */
    static void read(Path file, Consumer consumer) throws IOException {
        byte[] bytes = new byte[BUFFER_BYTES];
        int filled = 0;
        try (InputStream in = decompressed(file)) {
            for (int read; (read = in.read(bytes, filled, bytes.length - filled)) >= 0; ) {
                int from = filled;
                filled += read;
                int start = 0;
                for (int at = from; at < filled; at++) {
                    if (bytes[at] == '\n') {
                        consumer.line(bytes, start, at);
                        start = at + 1;
                    }
                }
                System.arraycopy(bytes, start, bytes, 0, filled - start);
                filled -= start;
                if (filled == bytes.length) {
                    bytes = Arrays.copyOf(bytes, bytes.length * 2);
                }
            }
        }
        if (filled > 0) {
            throw new WrongLakeException(file + " does not end with a line break");
        }
    }

    private static InputStream decompressed(Path file) throws IOException {
        String name = file.getFileName().toString();
        InputStream in = Files.newInputStream(file);
        if (name.endsWith(".gz")) {
            return new GZIPInputStream(in, BUFFER_BYTES);
        }
        return name.endsWith(".zst") ? new ZstdInputStream(in) : in;
    }
}
