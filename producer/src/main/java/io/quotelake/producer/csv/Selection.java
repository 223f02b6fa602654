package io.quotelake.producer.csv;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Set;

/** Which quotes are wanted: of which indices (all when none is named) and of which days. */
final class Selection {

    private final Set<String> indices;
    private final int from;
    private final int to;
    private final boolean everyDay;

    private byte[] lastKey;
    private boolean lastKeyWanted;

    /**
     * @param indices the wanted indices; empty for all
     * @param from the first wanted day, or null
     * @param to the last wanted day, or null
     */
    Selection(Set<String> indices, LocalDate from, LocalDate to) {
        this.indices = Set.copyOf(indices);
        this.from = from == null ? Integer.MIN_VALUE : (int) from.toEpochDay();
        this.to = to == null ? Integer.MAX_VALUE : (int) to.toEpochDay();
        this.everyDay = from == null && to == null;
    }

    /** A quote without a date is on no day, and one without an index is of no index. */
    boolean wants(Quote quote) {
        return (everyDay || quote.hasDate() && quote.epochDay() >= from && quote.epochDay() <= to)
                && (indices.isEmpty() || wantsIndex(quote.key()));
    }

    /** Rows of one index mostly follow each other and share one key. */
    private boolean wantsIndex(byte[] key) {
        if (key != lastKey) {
            lastKey = key;
            lastKeyWanted =
                    key != null && indices.contains(new String(key, StandardCharsets.UTF_8));
        }
        return lastKeyWanted;
    }
}
