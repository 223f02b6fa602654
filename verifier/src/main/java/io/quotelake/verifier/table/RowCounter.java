package io.quotelake.verifier.table;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** Counts the rows of a lake that grows. Published files never change, so each is read once. */
public final class RowCounter {
    private static final int BUFFER_BYTES = 8 * 1024;

    private final LakeFolder lake;
    private final Set<Long> counted = new HashSet<>();
    private volatile long rows;
    private volatile long files;

    public RowCounter(LakeFolder lake) {
        this.lake = lake;
    }

    /** Looks for new files, and returns how many rows there are in all. */
    public synchronized long count() throws IOException {
        lake.walk(
                new LakeFolder.Visitor() {
                    @Override
                    public void partFile(String index, String date, Path file) throws IOException {
                        if (counted.add(identity(index, date, file))) {
                            rows += rowsIn(file);
                            files++;
                        }
                    }

                    @Override
                    public void stray(Path file) {}
                });
        return rows;
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
    public static long rowsIn(Path file) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long newlines = 0;
        try (InputStream in = open(file)) {
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

    /**
     * Records in a CSV file: lines that are not blank, below the header; the last may lack its end.
     */
    public static long recordsIn(Path csv) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long records = 0;
        boolean blank = true;
        try (InputStream in = open(csv)) {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                for (int i = 0; i < length; i++) {
                    if (buffer[i] == '\n') {
                        records += blank ? 0 : 1;
                        blank = true;
                    } else if (buffer[i] != '\r' && buffer[i] != ' ') {
                        blank = false;
                    }
                }
            }
        }
        records += blank ? 0 : 1;
        return Math.max(0, records - 1);
    }

    private static InputStream open(Path file) throws IOException {
        InputStream stored = Files.newInputStream(file);
        String name = file.getFileName().toString();
        if (name.endsWith(".gz")) {
            return new GZIPInputStream(stored);
        }
        return name.endsWith(".zst") ? new ZstdInputStream(stored) : stored;
    }

    /** File names differ by a random id already. */
    private static long identity(String index, String date, Path file) {
        return ((long) (index + date).hashCode() << 32) ^ file.getFileName().toString().hashCode();
    }
}
