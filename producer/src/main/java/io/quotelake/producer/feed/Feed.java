package io.quotelake.producer.feed;

import io.quotelake.producer.csv.Quote;
import io.quotelake.producer.terminal.RunException;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Brings the quotes of a source to a publisher, each when it is due. */
public final class Feed {

    private final QuoteSource source;
    private final Publisher publisher;
    private final Pace pace;
    private final Supplier<LocalDate> asOf;
    private final long limit;

    private volatile boolean stopping;
    private volatile Thread thread;
    private volatile long sent;
    private volatile long bytes;

    /**
     * @param asOf the day that each quote is re-dated to as it is sent, or null for its own
     * @param limit how many rows to send at most
     */
    Feed(QuoteSource source, Publisher publisher, Pace pace, Supplier<LocalDate> asOf, long limit) {
        this.source = source;
        this.publisher = publisher;
        this.pace = pace;
        this.asOf = asOf;
        this.limit = limit;
    }

    /**
     * Returns when the source or the limit is at its end, or {@link #stop()} was called, and all
     * that was sent is delivered.
     *
     * @throws RunException when a row can't be read or delivered
     */
    void run() throws IOException {
        thread = Thread.currentThread();
        try {
            sendAll();
        } catch (IOException e) {
            if (!stopping) {
                throw e;
            }
        } finally {
            publisher.finish(stopping);
        }
    }

    private void sendAll() throws IOException {
        Quote quote;
        while (sent < limit
                && !stopping
                && publisher.wantsMore()
                && (quote = source.next()) != null) {
            if (pace != Pace.UNLIMITED && !awaitDue(quote)) {
                return;
            }
            Quote dated = asOf == null ? quote : quote.redated(asOf.get());
            publisher.publish(dated, source.pass(), source.row());
            sent++;
            bytes += dated.json().length;
        }
    }

    /** False when the feed is stopped before the quote is due. */
    private boolean awaitDue(Quote quote) {
        long due = pace.dueNanos(quote, System.nanoTime());
        long wait;
        while ((wait = due - System.nanoTime()) > 0) {
            publisher.turn();
            LockSupport.parkNanos(Math.min(wait, Publisher.TURN.toNanos()));
            if (stopping) {
                return false;
            }
        }
        return true;
    }

    /** Ends the feed early, from another thread: what was sent is still delivered. */
    public void stop() throws IOException {
        stopping = true;
        LockSupport.unpark(thread);
        source.abort();
    }

    boolean isStopping() {
        return stopping;
    }

    /** Rows handed to the publisher so far. */
    long sent() {
        return sent;
    }

    /** Their JSON in bytes. */
    long bytes() {
        return bytes;
    }

    /** The share of the work that is done, from 0 to 1, or NaN when it has no known end. */
    double progress() {
        double ofSource = source.progress();
        if (limit == Long.MAX_VALUE) {
            return ofSource;
        }
        double ofLimit = (double) sent / limit;
        return Double.isNaN(ofSource) ? ofLimit : Math.max(ofLimit, ofSource);
    }

    /** The present day in UTC, as in the time stamps of the lake. */
    static LocalDate today() {
        return LocalDate.now(Clock.systemUTC());
    }
}
