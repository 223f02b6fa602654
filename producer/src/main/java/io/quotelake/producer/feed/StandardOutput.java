package io.quotelake.producer.feed;

import io.quotelake.producer.csv.Quote;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;

/** A dry run: the JSON goes to standard output, one quote a line. */
final class StandardOutput implements Publisher {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int ROWS_PER_CHECK = 1024;

    private final PrintStream out;
    private final OutputStream buffer;
    private volatile long rows;

    StandardOutput(PrintStream out) {
        this.out = out;
        this.buffer = new BufferedOutputStream(out, BUFFER_BYTES);
    }

    @Override
    public void publish(Quote quote, long pass, long row) {
        try {
            buffer.write(quote.json());
            buffer.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("a PrintStream doesn't throw", e);
        }
        rows++;
    }

    @Override
    public void turn() {
        try {
            buffer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("a PrintStream doesn't throw", e);
        }
    }

    /** False once the reader has closed the pipe, as {@code head} does. */
    @Override
    public boolean wantsMore() {
        return rows % ROWS_PER_CHECK != 0 || !out.checkError();
    }

    @Override
    public void finish(boolean hurry) {
        turn();
    }

    @Override
    public long acknowledged() {
        return rows;
    }

    @Override
    public long retries() {
        return 0;
    }
}
