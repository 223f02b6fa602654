package io.quotelake.producer;

/**
 * The program failed while it ran: its message is one line for the person at the terminal. Ends the
 * program with exit code 1.
 */
final class RunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RunException(String message) {
        super(message);
    }

    RunException(String message, Throwable cause) {
        super(message, cause);
    }
}
