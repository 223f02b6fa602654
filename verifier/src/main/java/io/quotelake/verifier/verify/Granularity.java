package io.quotelake.verifier.verify;

/** How long the value of the date partition is; the names are those of the job's option. */
public enum Granularity {
    day(10),
    month(7),
    year(4);

    private final int length;

    Granularity(int length) {
        this.length = length;
    }

    /** The partition value for an ISO date. */
    String of(String isoDate) {
        return isoDate.substring(0, length);
    }

    /** Whether a partition value is of this granularity. */
    boolean hasLengthOf(String partitionValue) {
        return partitionValue.length() == length;
    }
}
