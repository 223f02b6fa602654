package io.quotelake.producer.csv;

import io.quotelake.producer.terminal.UsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** What becomes of the rows of one file, found out before the first of them is sent. */
public final class Survey implements CsvQuotes.RejectedRows {

    /** A row of quotes has no cell that reads like the name of a column. */
    private static final int HEADER_NAMES = 4;

    private final String file;
    private final Verdicts verdicts = new Verdicts();
    private String firstQuote;
    private String firstRejected;
    private long rejected;
    private int firstDay = Integer.MAX_VALUE;
    private int lastDay = Integer.MIN_VALUE;
    private boolean furtherForms;

    /**
     * @param file the file's name, for messages
     */
    Survey(String file) {
        this.file = file;
    }

    /** Reads the file to its end. */
    void readAll(CsvQuotes quotes, Reading reading) throws IOException {
        Quote quote;
        byte[] lastKey = null;
        int lastKeysDay = Quote.NO_DATE;
        while ((quote = quotes.next()) != null) {
            if (firstQuote == null) {
                firstQuote = new String(quote.json(), StandardCharsets.UTF_8);
            }
            if (!quote.hasDate()) {
                continue;
            }
            firstDay = Math.min(firstDay, quote.epochDay());
            lastDay = Math.max(lastDay, quote.epochDay());
            if (quote.key() == lastKey
                    && quote.epochDay() == lastKeysDay
                    && reading.isPerhapsIntraday()) {
                throw new UsageException(
                        "%s has several rows of a day, with times, and quotes are of days: send a file of daily rows (%s comes twice)"
                                .formatted(file, LocalDate.ofEpochDay(lastKeysDay)));
            }
            lastKey = quote.key();
            lastKeysDay = quote.epochDay();
        }
        furtherForms = quotes.hasReadFurtherForms();
    }

    private static boolean isOtherHeader(List<String> cells, List<String> header) {
        long names = cells.stream().filter(cell -> ColumnNames.meaning(cell) != null).count();
        return names >= HEADER_NAMES && !cells.equals(header);
    }

    @Override
    public void add(CsvRow row, String reason, List<String> header) {
        List<String> cells = row.strings();
        if (isOtherHeader(cells, header)) {
            throw new UsageException(
                    "%s has a second header in line %d, with columns in another order: make it two files"
                            .formatted(file, row.line()));
        }
        if (rejected++ == 0) {
            firstRejected = "line %d: %s".formatted(row.line(), reason);
        }
    }

    Verdicts verdicts() {
        return verdicts;
    }

    boolean hasReadFurtherForms() {
        return furtherForms;
    }

    /** The quotes that will be sent. */
    public long quotes() {
        return verdicts.quotes();
    }

    /** The rows that can't become JSON. */
    public long rejected() {
        return rejected;
    }

    /** Why the first of them can't. */
    public String firstRejected() {
        return firstRejected;
    }

    /** The JSON of the first quote, or null. */
    public String firstQuote() {
        return firstQuote;
    }

    /** How many quotes, of which days. */
    public String describe() {
        String days =
                firstDay > lastDay
                        ? ""
                        : ", %s to %s"
                                .formatted(
                                        LocalDate.ofEpochDay(firstDay),
                                        LocalDate.ofEpochDay(lastDay));
        return "%,d rows%s".formatted(quotes(), days);
    }

    /** What the person should know before the rows leave; empty when all is well. */
    public List<String> warnings() {
        List<String> lines = new ArrayList<>(verdicts.describe());
        if (rejected > 0) {
            lines.add(
                    "%,d of %,d rows can't be sent (%s)"
                            .formatted(rejected, rejected + quotes(), firstRejected));
        }
        return lines;
    }
}
