package io.quotelake.producer.feed;

import io.quotelake.producer.csv.CsvInput;
import io.quotelake.producer.csv.CsvOptions;
import io.quotelake.producer.csv.CsvQuotes;
import io.quotelake.producer.csv.Quote;
import io.quotelake.producer.csv.Rejects;
import io.quotelake.producer.csv.RowCounts;
import io.quotelake.producer.terminal.RunException;
import io.quotelake.producer.terminal.UsageException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The quotes as they stand in the file, read anew in each pass: memory stays flat whatever the
 * file's size. Rows that are not sent are counted, and written to the rejects, in the first pass
 * only.
 */
public final class FileOrder implements QuoteSource {

    /** Stands for passes without end. */
    public static final long FOREVER = Long.MAX_VALUE;

    private final CsvInput input;
    private final CsvOptions options;
    private final RowCounts counts;
    private final Rejects rejects;
    private final long passes;

    private CsvQuotes quotes;
    private long pass = 1;
    private long row;

    /**
     * @param passes how often the file is sent, or {@link #FOREVER}
     * @throws UsageException when the file's first line is not the header of quotes
     */
    public FileOrder(CsvInput input, CsvOptions options, RowCounts counts, long passes)
            throws IOException {
        this.input = input;
        this.options = options;
        this.counts = counts;
        this.passes = passes;
        this.rejects = new Rejects(options.rejects(input));
        this.quotes = new CsvQuotes(input, options, rejects::add, counts);
    }

    @Override
    public Quote next() throws IOException {
        while (true) {
            Quote quote = quotes.next();
            if (quote != null) {
                row++;
                return quote;
            }
            rejects.close();
            if (pass >= passes || row == 0) {
                return null;
            }
            startPass(pass + 1);
        }
    }

    private void startPass(long next) throws IOException {
        quotes.close();
        quotes = new CsvQuotes(input, options, (row, reason, header) -> {}, new RowCounts());
        pass = next;
        row = 0;
    }

    @Override
    public long pass() {
        return pass;
    }

    @Override
    public long row() {
        return row;
    }

    @Override
    public void skipTo(long targetPass, long targetRow) throws IOException {
        if (targetPass != pass) {
            startPass(targetPass);
        }
        while (row < targetRow) {
            if (quotes.next() == null) {
                throw new RunException(
                        "%s has only %,d quotes; %,d were published before"
                                .formatted(input, row, targetRow));
            }
            row++;
        }
    }

    @Override
    public double progress() {
        return passes == FOREVER ? Double.NaN : (pass - 1 + input.shareRead()) / passes;
    }

    @Override
    public void abort() throws IOException {
        input.abort();
    }

    /** Where the rejected rows were written, if there were any. */
    Path rejectsFile() {
        return rejects.file();
    }

    @Override
    public void close() throws IOException {
        quotes.close();
        rejects.close();
    }
}
