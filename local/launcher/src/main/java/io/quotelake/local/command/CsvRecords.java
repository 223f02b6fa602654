package io.quotelake.local.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Counts the records of a CSV file. */
final class CsvRecords {
    private static final int BUFFER_BYTES = 8 * 1024;

    private CsvRecords() {}

    /** Lines that are not blank, below the header; the last may lack its end. */
    static long in(Path csv) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long records = 0;
        boolean blank = true;
        try (InputStream in = Files.newInputStream(csv)) {
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
}
