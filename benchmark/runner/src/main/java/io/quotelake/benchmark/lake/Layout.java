package io.quotelake.benchmark.lake;

/** What a contestant makes of a feed. */
public enum Layout {
    /** Rows as the design has them, in folders by index and date, in files named {@code part-…}. */
    PARTITIONED_ROWS,

    /** The quotes as they came, without folders. */
    QUOTES
}
