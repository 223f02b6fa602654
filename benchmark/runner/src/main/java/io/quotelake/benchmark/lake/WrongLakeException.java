package io.quotelake.benchmark.lake;

/**
 * A lake is not what the feed should have become; the message names the first difference that was
 * met.
 */
public final class WrongLakeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public WrongLakeException(String message) {
        super(message);
    }
}
