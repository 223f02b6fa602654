package io.quotelake.terminal;

/**
 * Something that ends a command with one line on standard error and no stack trace. The message
 * says what happened and how to mend it.
 */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    private Failure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** Wrong use: exit code 2. */
    public static Failure ofUse(String message) {
        return new Failure(2, message);
    }

    /** Something failed at run time: exit code 1. */
    public static Failure atRunTime(String message) {
        return new Failure(1, message);
    }

    /** The exit code of the whole command. */
    public int exitCode() {
        return exitCode;
    }
}
