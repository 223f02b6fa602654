package io.quotelake.dashboard;

import java.time.Duration;
import java.util.List;

/** Runs the SQL of the charts, unchanged. Several threads may ask at once. */
interface Engine extends AutoCloseable {
    /**
     * Runs one query.
     *
     * @param parameters values of the question marks in their order: text or whole numbers
     * @throws UnavailableException when it can't be answered now
     */
    Rows query(String sql, List<Object> parameters) throws UnavailableException;

    /**
     * Takes notice of what has come since the last call.
     *
     * @throws UnavailableException when the lake can't be read, or not all of it
     */
    void refresh() throws UnavailableException;

    /** How long to wait from one {@link #refresh} to the next. */
    Duration rest();

    /** Whether a question is work for others, so that none is asked while nobody looks. */
    default boolean costs() {
        return false;
    }

    /** How far the lake has been read; both are 0 where that is not this program's work. */
    default Reading reading() {
        return new Reading(0, 0);
    }

    /**
     * How far a lake has been read.
     *
     * @param read files whose rows queries see
     * @param found files that were found
     */
    record Reading(long read, long found) {}

    /** Grows whenever queries may have other answers; cheap to ask. */
    long version();

    /** What reads where, for a person, such as {@code DuckDB over /data/stock_market}. */
    String name();

    @Override
    void close();
}
