package io.quotelake.dashboard;

/** Something that the page shows can't be read now; the message says what and why in a sentence. */
final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    UnavailableException(String sentence) {
        super(sentence);
    }

    /** An error's own words, in one line. */
    static String reason(Throwable e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.lines().findFirst().orElse("").strip();
    }
}
