package io.quotelake.job.quote;

/** How long the value of the {@code date} partition is: the coarser, the fewer and larger files. */
public enum DateGranularity {
    /** {@code date=1986-12-31}. */
    DAY(10, 1),

    /** {@code date=1986-12}. */
    MONTH(7, 100),

    /** {@code date=1986}. */
    YEAR(4, 10_000);

    private final int length;
    private final int divisor;

    DateGranularity(int length, int divisor) {
        this.length = length;
        this.divisor = divisor;
    }

    /** How many characters of an ISO date make the partition's value. */
    int length() {
        return length;
    }

    /** A number that all days of one partition share, and no others. */
    int partitionOf(int yyyymmdd) {
        return yyyymmdd / divisor;
    }
}
