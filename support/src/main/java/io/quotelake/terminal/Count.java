package io.quotelake.terminal;

import java.util.Locale;

/** A count with its word: "1 row", "1,024 rows". */
public final class Count {

    private Count() {}

    /** A number with a word whose plural ends in s. */
    public static String of(long number, String one) {
        return of(number, one, one + "s");
    }

    /** A number with the word for one, or that for any other number. */
    public static String of(long number, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : many);
    }
}
