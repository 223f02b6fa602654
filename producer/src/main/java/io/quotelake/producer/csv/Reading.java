package io.quotelake.producer.csv;

import java.nio.charset.Charset;
import java.util.Set;

/**
 * How one file is read, once everything about it is decided.
 *
 * @param head separator, header and columns
 * @param names from symbols to indices
 * @param encoding the encoding of the text
 */
record Reading(
        Head head,
        NumberStyle numberStyle,
        DateFormat dateFormat,
        IndexNames names,
        Charset encoding,
        CsvOptions options) {

    private static final Set<String> TIME_COLUMNS =
            Set.of("time", "uhrzeit", "zeit", "heure", "hora", "ora", "tijd", "hour");

    /** Whether rows of one day are more than one quote of a day: they bear times. */
    boolean isPerhapsIntraday() {
        return dateFormat.hasSeenTime()
                || head.columns().get(0).leftAlone().stream()
                        .map(ColumnNames::plain)
                        .anyMatch(TIME_COLUMNS::contains);
    }
}
