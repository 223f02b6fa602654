package io.quotelake.producer.terminal;

/**
 * The program failed while it ran: its message is one line for the person at the terminal. Ends the
 * program with exit code 1.
 */
public final class RunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RunException(String message) {
        super(message);
    }

    public RunException(String message, Throwable cause) {
        super(message, cause);
    }
}
