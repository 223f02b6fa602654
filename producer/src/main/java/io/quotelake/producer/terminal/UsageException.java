package io.quotelake.producer.terminal;

/**
 * The program was used wrongly: its message is one line that says what came, what is accepted and
 * how to mend it. Ends the program with exit code 2.
 */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
