package io.quotelake.dashboard;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A table that is read elsewhere. Nobody tells when rows have come, so it is asked again every so
 * often: each question costs whoever answers, and may cost money.
 */
final class Remote implements Engine {
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    private final Source source;
    private final Duration every;
    private volatile boolean failed;
    private final AtomicLong version = new AtomicLong();

    /** Runs SQL elsewhere. */
    interface Source extends AutoCloseable {
        /** As {@link Engine#query}. */
        Rows query(String sql, List<Object> parameters) throws UnavailableException;

        /** As {@link Engine#name}. */
        String name();

        @Override
        void close();
    }

    /**
     * A table.
     *
     * @param every how long an answer is taken to hold
     */
    Remote(Source source, Duration every) {
        this.source = source;
        this.every = every;
    }

    @Override
    public Rows query(String sql, List<Object> parameters) throws UnavailableException {
        try {
            Rows rows = source.query(sql, parameters);
            failed = false;
            return rows;
        } catch (UnavailableException e) {
            failed = true;
            throw e;
        }
    }

    @Override
    public void refresh() {
        version.incrementAndGet();
    }

    @Override
    public Duration rest() {
        return failed && every.compareTo(AFTER_FAILURE) > 0 ? AFTER_FAILURE : every;
    }

    @Override
    public boolean costs() {
        return true;
    }

    @Override
    public long version() {
        return version.get();
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public void close() {
        source.close();
    }
}
