package io.quotelake.producer.csv;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import io.quotelake.producer.terminal.RunException;
import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;

/** The rows of a CSV text, one after the other; the same object is filled for each of them. */
final class CsvRows implements Closeable {

    /**
     * Far more than a row of quotes has: text beyond it means that a quote mark is never closed.
     */
    private static final int MAX_CELL_CHARS = 1024 * 1024;

    private final String file;
    private final CloseableIterator<CsvRow> rows;

    /**
     * @param file the file's name, for messages
     */
    CsvRows(String file, Reader text, char separator) {
        this.file = file;
        this.rows =
                CsvReader.builder()
                        .fieldSeparator(separator)
                        .skipEmptyLines(false)
                        .maxBufferSize(MAX_CELL_CHARS)
                        .build(new CsvRow.Handler(), new LineGuard(text, separator))
                        .iterator();
    }

    /**
     * The next row, or null at the end.
     *
     * @throws RunException when the text is no CSV
     */
    CsvRow next() throws IOException {
        try {
            return rows.hasNext() ? rows.next() : null;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (CsvParseException e) {
            String cause = e.getCause() == null ? "" : ": " + e.getCause().getMessage();
            throw new RunException(
                    "%s can't be read as CSV: %s%s".formatted(file, e.getMessage(), cause), e);
        }
    }

    void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            next();
        }
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
