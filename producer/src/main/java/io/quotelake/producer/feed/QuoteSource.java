package io.quotelake.producer.feed;

import io.quotelake.producer.csv.Quote;
import io.quotelake.producer.terminal.RunException;
import java.io.Closeable;
import java.io.IOException;

/** The quotes in the order in which they are to be sent, over one or more passes. */
public interface QuoteSource extends Closeable {

    /** The next quote, or null at the end. */
    Quote next() throws IOException;

    /** The pass, counted from 1, from which the last quote came. */
    long pass();

    /** The place of the last quote in its pass, counted from 1. */
    long row();

    /**
     * Goes on behind a quote that was sent before, in a source over the same file.
     *
     * @throws RunException when the pass has fewer quotes
     */
    void skipTo(long pass, long row) throws IOException;

    /** The share of all passes that lies behind, from 0 to 1, or NaN when no end is known. */
    double progress();

    /** Ends a read that waits in another thread. */
    void abort() throws IOException;

    @Override
    void close() throws IOException;
}
