package io.quotelake.job.quote;

/**
 * Why a record is not a quote.
 *
 * @param detail a sentence for a person
 */
record Rejection(DeadLetterReason reason, String detail) {}
