package io.quotelake.producer.csv;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import io.quotelake.producer.terminal.RunException;
import io.quotelake.producer.terminal.UsageException;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The wanted quotes of one CSV file, read once from its beginning to its end. */
public final class CsvQuotes implements Closeable {

    /** Takes the rows that can't become JSON. */
    public interface RejectedRows {
        void add(CsvRow row, String reason, List<String> header);
    }

    /**
     * Far more than a row of quotes has: text beyond it means that a quote mark is never closed.
     */
    private static final int MAX_CELL_CHARS = 1024 * 1024;

    private final CsvOptions options;
    private final CsvInput input;
    private final RejectedRows rejects;
    private final RowCounts counts;
    private final Selection selection;

    private final CloseableIterator<CsvRow> rows;
    private final Columns columns;
    private final QuoteEncoder encoder;
    private boolean dateSeen;

    /**
     * @param rejects where rows go that can't become JSON
     * @param counts counts what is not returned
     * @throws UsageException when the file's first line is not the header of quotes
     */
    public CsvQuotes(CsvInput input, CsvOptions options, RejectedRows rejects, RowCounts counts)
            throws IOException {
        this.input = input;
        this.options = options;
        this.rejects = rejects;
        this.counts = counts;
        this.selection = options.selection();
        LineGuard text = new LineGuard(input.open());
        this.rows =
                CsvReader.builder()
                        .fieldSeparator(text.separator())
                        .skipEmptyLines(false)
                        .maxBufferSize(MAX_CELL_CHARS)
                        .build(new CsvRow.Handler(), text)
                        .iterator();
        CsvRow header = nextRow();
        if (header == null) {
            throw new UsageException(input + " is empty: a CSV file with a header is needed");
        }
        this.columns = new Columns(header.strings());
        this.encoder = new QuoteEncoder(columns, options.dateFormat());
    }

    /**
     * The next wanted quote, or null at the end.
     *
     * @throws RunException when a row is rejected though none may be, or the text is no CSV
     * @throws UsageException when the dates of the file are written in another way than expected
     */
    public Quote next() throws IOException {
        CsvRow row;
        while ((row = nextRow()) != null) {
            if (row.isBlank()) {
                counts.addBlank();
                continue;
            }
            try {
                Quote quote = encoder.encode(row);
                dateSeen |= quote.hasDate();
                if (selection.wants(quote)) {
                    return quote;
                }
                counts.addNotSelected();
            } catch (RejectedRowException e) {
                reject(row, e.getMessage());
            }
        }
        return null;
    }

    private CsvRow nextRow() throws IOException {
        try {
            return rows.hasNext() ? rows.next() : null;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (CsvParseException e) {
            String cause = e.getCause() == null ? "" : ": " + e.getCause().getMessage();
            throw new RunException(
                    "%s can't be read as CSV: %s%s".formatted(input, e.getMessage(), cause), e);
        }
    }

    private void reject(CsvRow row, String reason) {
        if (!dateSeen) {
            failOnOtherDateFormat(row);
        }
        counts.addRejected();
        if (options.strict()) {
            throw new RunException(
                    "stopped at the first rejected row, as --strict asks: %s, line %d: %s"
                            .formatted(input, row.line(), reason));
        }
        rejects.add(row, reason, columns.header());
    }

    /** When no date before fitted either, it is not the row that is wrong but the option. */
    private void failOnOtherDateFormat(CsvRow row) {
        int cell = columns.cell(Columns.Field.DATE);
        if (cell >= row.cells() || DateFormat.fitting(row.string(cell)).isEmpty()) {
            return;
        }
        try {
            options.dateFormat().epochDay(row.text(), row.start(cell), row.end(cell));
        } catch (RejectedRowException e) {
            throw new UsageException(
                    "%s, line %d: %s".formatted(input, row.line(), e.getMessage()));
        }
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
