package io.quotelake.producer.csv;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.quotelake.producer.terminal.RunException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows that couldn't become JSON, as a CSV file: {@code line,reason} and then the row's own
 * columns under their own names, so that the file can be mended and replayed as it is. The file is
 * made when the first row is rejected.
 */
public final class Rejects implements CsvQuotes.RejectedRows, Closeable {

    private final Path file;
    private CsvWriter writer;
    private boolean written;

    public Rejects(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    /** Whether any row was written. */
    boolean isWritten() {
        return written;
    }

    @Override
    public void add(CsvRow row, String reason, List<String> header) {
        try {
            if (writer == null) {
                writer = CsvWriter.builder().build(file);
                written = true;
                write("line", "reason", header);
            }
            write(Long.toString(row.line()), reason, row.strings());
        } catch (IOException e) {
            throw new RunException(
                    "can't write the rejected rows to %s: %s; name another file with --rejects"
                            .formatted(file, e),
                    e);
        }
    }

    private void write(String line, String reason, List<String> cells) {
        List<String> fields = new ArrayList<>(cells.size() + 2);
        fields.add(line);
        fields.add(reason);
        fields.addAll(cells);
        writer.writeRecord(fields);
    }

    /** Nothing is added any more. */
    @Override
    public void close() throws IOException {
        if (writer != null) {
            writer.close();
            writer = null;
        }
    }
}
