package io.quotelake.producer.csv;

import io.quotelake.producer.terminal.RunException;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** The wanted quotes of one CSV file, read once from its beginning to its end. */
public final class CsvQuotes implements Closeable {

    /** Takes the rows that can't become JSON. */
    public interface RejectedRows {
        void add(CsvRow row, String reason, List<String> header);
    }

    private final CsvInput input;
    private final CsvOptions options;
    private final CsvRows rows;
    private final RejectedRows rejects;
    private final RowCounts counts;
    private final Selection selection;
    private final Verdicts verdicts;
    private final List<String> header;

    /** One for each index that has columns of its own, mostly only one. */
    private final QuoteEncoder[] encoders;

    private CsvRow row;
    private int nextEncoder;

    /**
     * @param rows the rows behind the header
     * @param rejects where rows go that can't become JSON
     * @param counts counts what is not returned
     * @param verdicts learns what the job would say about each wanted quote, or null
     */
    CsvQuotes(
            CsvInput input,
            Reading reading,
            CsvRows rows,
            RejectedRows rejects,
            RowCounts counts,
            Verdicts verdicts) {
        this.input = input;
        this.options = reading.options();
        this.rows = rows;
        this.rejects = rejects;
        this.counts = counts;
        this.selection = options.selection();
        this.verdicts = verdicts;
        this.header = reading.head().header();
        this.encoders =
                reading.head().columns().stream()
                        .map(columns -> new QuoteEncoder(columns, reading))
                        .toArray(QuoteEncoder[]::new);
        this.nextEncoder = encoders.length;
    }

    /**
     * The next wanted quote, or null at the end.
     *
     * @throws RunException when a row is rejected though none may be, or the text is no CSV
     */
    public Quote next() throws IOException {
        while (true) {
            if (nextEncoder == encoders.length) {
                row = rows.next();
                if (row == null) {
                    return null;
                }
                nextEncoder = 0;
                if (row.isBlank()) {
                    counts.addBlank();
                    nextEncoder = encoders.length;
                    continue;
                }
            }
            QuoteEncoder encoder = encoders[nextEncoder++];
            try {
                if (encoders.length > 1 && encoder.isEmptyIn(row)) {
                    continue;
                }
                Quote quote = encoder.encode(row);
                if (selection.wants(quote)) {
                    if (verdicts != null) {
                        verdicts.judge(quote, encoder.numberEnds(), row.line());
                    }
                    return quote;
                }
                counts.addNotSelected();
            } catch (RejectedRowException e) {
                reject(row, e.getMessage());
                nextEncoder = encoders.length;
            }
        }
    }

    private void reject(CsvRow rejected, String reason) {
        counts.addRejected();
        if (options.strict()) {
            throw new RunException(
                    "stopped at the first rejected row, as --strict asks: %s, line %d: %s"
                            .formatted(input, rejected.line(), reason));
        }
        rejects.add(rejected, reason, header);
    }

    /** Whether a cell was read that an older version of this program rejected. */
    boolean hasReadFurtherForms() {
        for (QuoteEncoder encoder : encoders) {
            if (encoder.hasReadFurtherForms()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
