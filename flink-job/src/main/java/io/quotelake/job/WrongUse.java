package io.quotelake.job;

/**
 * What the job was given can't be used; the message says in one line what came, and how to mend it.
 */
final class WrongUse extends Exception {
    private static final long serialVersionUID = 1L;

    WrongUse(String message) {
        super(message);
    }
}
