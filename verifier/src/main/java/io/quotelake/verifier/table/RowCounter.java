package io.quotelake.verifier.table;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;

/** Counts the rows of a lake that grows. Published files never change, so each is read once. */
public final class RowCounter {
    private static final int BUFFER_BYTES = 8 * 1024;

    private final Lake lake;
    private final Set<Long> counted = new HashSet<>();
    private volatile long rows;
    private volatile long files;

    public RowCounter(Lake lake) {
        this.lake = lake;
    }

    /** Looks for new files, and returns how many rows there are in all. */
    public synchronized long count() throws IOException {
        try {
            lake.list(object -> PartFile.of(object.key()).ifPresent(this::count));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return rows;
    }

    private void count(PartFile file) {
        if (counted.add(identity(file))) {
            rows += rowsIn(file, lake);
            files++;
        }
    }

    /** How many rows were counted until now, also while a count goes on. */
    public long rows() {
        return rows;
    }

    /** In how many files these are. */
    public long files() {
        return files;
    }

    /** Rows in one file: each ends with a newline. */
    static long rowsIn(PartFile file, Lake lake) {
        byte[] buffer = new byte[BUFFER_BYTES];
        long newlines = 0;
        try (InputStream in = file.open(lake)) {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                for (int i = 0; i < length; i++) {
                    if (buffer[i] == '\n') {
                        newlines++;
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return newlines;
    }

    /** File names differ by a random id already. */
    private static long identity(PartFile file) {
        String name = file.key().substring(file.folder().length());
        return ((long) file.folder().hashCode() << 32) ^ name.hashCode();
    }
}
