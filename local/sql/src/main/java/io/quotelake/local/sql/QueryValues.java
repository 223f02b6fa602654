package io.quotelake.local.sql;

import io.quotelake.terminal.Failure;
import java.time.LocalDate;
import java.util.List;

/**
 * The values for the question marks of the files in {@code aws/sql}.
 *
 * @param index of the rows
 * @param from first trading day
 * @param to last trading day
 */
public record QueryValues(String index, LocalDate from, LocalDate to) {

    /**
     * What was chosen, and for the rest what the lake has: its first index and all its days.
     *
     * @throws Failure if the lake has no such index, or the days are in the wrong order
     */
    public static QueryValues of(String index, LocalDate from, LocalDate to, LakeRange lake) {
        QueryValues values =
                new QueryValues(
                        index != null ? index : lake.isEmpty() ? "" : lake.indices().get(0),
                        from == null ? lake.from() : from,
                        to == null ? lake.to() : to);
        if (index != null && !lake.indices().contains(index)) {
            throw Failure.ofUse("--index %s: %s".formatted(index, lake));
        }
        if (values.from.isAfter(values.to)) {
            throw Failure.ofUse(
                    "no day is from %s to %s: %s".formatted(values.from, values.to, lake));
        }
        return values;
    }

    /**
     * One of them.
     *
     * @param name as the comment of a file names it
     */
    String get(String name) {
        return switch (name) {
            case "index" -> index;
            case "from" -> from.toString();
            case "to" -> to.toString();
            case "from_year" -> year(from.getYear());
            case "year_before" -> year(from.getYear() - 1);
            default ->
                    throw Failure.ofUse(
                            "the parameter %s is none of %s"
                                    .formatted(
                                            name,
                                            List.of(
                                                    "index",
                                                    "from",
                                                    "to",
                                                    "from_year",
                                                    "year_before")));
        };
    }

    private static String year(int year) {
        return "%04d".formatted(year);
    }

    @Override
    public String toString() {
        return "index " + index + ", from " + from + " to " + to;
    }
}
