package io.quotelake.benchmark.lake;

/** Is told of each row that a lake holds; by several threads at once. */
@FunctionalInterface
public interface RowObserver {

    /**
     * A row was read.
     *
     * @param line bytes that hold the row's JSON from {@code start} to before {@code end}
     * @param visibleMillis when the row's object appeared, in milliseconds since the epoch
     */
    void row(byte[] line, int start, int end, long visibleMillis);
}
