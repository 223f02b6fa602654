package io.quotelake.local.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The end of a log file, read without reading the whole file. */
public final class LogTail {
    private static final int MAX_BYTES = 32 * 1024;

    private LogTail() {}

    /** The last lines of the file, at most {@code count}; none if there is no such file. */
    public static List<String> of(Path file, int count) {
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            int size = (int) Math.min(log.length(), MAX_BYTES);
            byte[] bytes = new byte[size];
            log.seek(log.length() - size);
            log.readFully(bytes);
            List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException e) {
            return List.of("(" + file + " can't be read: " + e.getMessage() + ")");
        }
    }
}
