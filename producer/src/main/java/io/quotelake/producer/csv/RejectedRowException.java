package io.quotelake.producer.csv;

/** A CSV row can't become a JSON quote; the message is the reason. Cheap: it has no stack trace. */
final class RejectedRowException extends Exception {
    private static final long serialVersionUID = 1L;

    RejectedRowException(String reason) {
        super(reason, null, false, false);
    }
}
