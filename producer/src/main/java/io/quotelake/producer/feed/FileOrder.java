package io.quotelake.producer.feed;

import io.quotelake.producer.csv.CsvFiles;
import io.quotelake.producer.csv.CsvQuotes;
import io.quotelake.producer.csv.Quote;
import io.quotelake.producer.csv.RowCounts;
import io.quotelake.producer.terminal.RunException;
import java.io.IOException;

/**
 * The quotes as they stand in the files, one file after the other, read anew in each pass: memory
 * stays flat whatever their size. Rows that are not sent are counted, and written to the rejects,
 * in the first pass only.
 */
public final class FileOrder implements QuoteSource {

    /** Stands for passes without end. */
    public static final long FOREVER = Long.MAX_VALUE;

    private final CsvFiles files;
    private final RowCounts counts;
    private final long passes;
    private final long size;

    private CsvQuotes quotes;
    private volatile int file;
    private volatile long sizeBefore;
    private volatile long pass = 1;
    private long row;

    /**
     * @param passes how often the files are sent, or {@link #FOREVER}
     */
    public FileOrder(CsvFiles files, RowCounts counts, long passes) throws IOException {
        this.files = files;
        this.counts = counts;
        this.passes = passes;
        this.size = files.files().stream().mapToLong(each -> each.input().size()).sum();
        open(0);
    }

    private void open(int next) throws IOException {
        file = next;
        quotes =
                pass == 1
                        ? files.files().get(next).open(files.rejects(next), counts)
                        : files.files()
                                .get(next)
                                .open((rejected, reason, header) -> {}, new RowCounts());
    }

    @Override
    public Quote next() throws IOException {
        while (true) {
            Quote quote = quotes.next();
            if (quote != null) {
                row++;
                return quote;
            }
            quotes.close();
            files.rejects(file).close();
            if (file + 1 < files.files().size()) {
                sizeBefore += files.files().get(file).input().size();
                open(file + 1);
            } else if (pass >= passes || row == 0) {
                return null;
            } else {
                startPass(pass + 1);
            }
        }
    }

    private void startPass(long next) throws IOException {
        quotes.close();
        pass = next;
        row = 0;
        sizeBefore = 0;
        open(0);
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
            long before = pass;
            if (next() == null || pass != before) {
                throw new RunException(
                        "%s has fewer quotes than the %,d that were published before"
                                .formatted(files, targetRow));
            }
        }
    }

    @Override
    public double progress() {
        if (passes == FOREVER || size <= 0) {
            return Double.NaN;
        }
        double read = files.files().get(file).input().bytesRead();
        return (pass - 1 + (sizeBefore + read) / size) / passes;
    }

    @Override
    public void abort() throws IOException {
        files.files().get(file).input().abort();
    }

    @Override
    public void close() throws IOException {
        quotes.close();
        files.rejects(file).close();
    }
}
