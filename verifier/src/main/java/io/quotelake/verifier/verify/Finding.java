package io.quotelake.verifier.verify;

import java.util.Locale;

/**
 * Something that is not as it has to be.
 *
 * @param place partition and offset, or the object's key
 * @param detail what is wrong there
 */
public record Finding(Kind kind, String place, String detail) {

    /** The kinds of findings, by the word that the report uses. */
    public enum Kind {
        /** A committed record that is neither a row nor a dead letter. */
        MISSING,
        /** Offsets that the topic has no more, of which nothing was ever written. */
        LOST,
        /** A committed record that is there more than once. */
        DOUBLED,
        /** A row or dead letter whose content isn't that of its record. */
        ALTERED,
        /** A row in the folder of another index or date, or a quote among the dead letters. */
        MISPLACED,
        /** A row or dead letter of a record that was never committed. */
        UNEXPECTED,
        /** A row of an earlier topic of this name. */
        EARLIER,
        /** A line of a part file that isn't a row. */
        MALFORMED,
        /** An object that isn't a part file. */
        STRAY,
        /** A record that a running job, or an open transaction, still holds: nothing is wrong. */
        WAITING;

        /** As the report says it. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public String toString() {
        return "%-10s %s: %s".formatted(kind.word(), place, detail);
    }
}
