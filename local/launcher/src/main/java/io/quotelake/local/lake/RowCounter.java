package io.quotelake.local.lake;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Counts the rows of a lake that grows. Published files never change, so each is read once. */
public final class RowCounter {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Lake lake;
    private final Set<Long> counted = new HashSet<>();
    private long rows;

    public RowCounter(Lake lake) {
        this.lake = lake;
    }

    /** Looks for new files, and returns how many rows there are in all. */
    public long count() throws IOException {
        lake.walk(
                new Lake.Visitor() {
                    @Override
                    public void partFile(String index, String date, Path file) throws IOException {
                        if (counted.add(identity(index, date, file))) {
                            rows += rowsIn(file);
                        }
                    }

                    @Override
                    public void stray(Path file) {}
                });
        return rows;
    }

    /** How many files there are. */
    public long files() {
        return counted.size();
    }

    /** Rows in one file: each ends with a newline. */
    public static long rowsIn(Path file) throws IOException {
        byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, Files.size(file) + 1)];
        long newlines = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                for (int i = 0; i < length; i++) {
                    if (buffer[i] == '\n') {
                        newlines++;
                    }
                }
            }
        }
        return newlines;
    }

    /** File names differ by a random id already. */
    private static long identity(String index, String date, Path file) {
        return ((long) (index + date).hashCode() << 32) ^ file.getFileName().toString().hashCode();
    }
}
