package io.quotelake.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One file of SQL. Its comment names the values of its question marks, in their order: {@code
 * Parameters: index, from, to}. Only these are taken from a browser, each checked.
 *
 * @param file its path in the project, such as {@code aws/sql/count.sql}
 * @param sql the text
 * @param parameters names of the values
 */
record Chart(String file, String sql, List<String> parameters) {
    private static final Pattern INDEX =
            Pattern.compile("(?!.*\\.\\.)[A-Za-z0-9][A-Za-z0-9._-]{0,31}");
    private static final String PARAMETERS = "-- Parameters: ";

    Chart {
        parameters = List.copyOf(parameters);
    }

    /**
     * One that is built in.
     *
     * @param name its path below {@code aws/sql}, without its end
     */
    static Chart of(String name) {
        String path = name + ".sql";
        try (InputStream in = Chart.class.getResourceAsStream("/sql/" + path)) {
            String sql = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            List<String> parameters =
                    sql.lines()
                            .filter(line -> line.startsWith(PARAMETERS))
                            .flatMap(
                                    line ->
                                            List.of(line.substring(PARAMETERS.length()).split(", "))
                                                    .stream())
                            .toList();
            return new Chart("aws/sql/" + path, sql, parameters);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The values of the question marks.
     *
     * @param given {@code index}, {@code from} and {@code to} as ISO dates, {@code rows} ({@code
     *     history} or {@code all}) and {@code letters} (4, 7 or 10), as far as they are needed
     * @throws IllegalArgumentException when one is missing or none of these
     */
    List<Object> values(Map<String, String> given) {
        List<Object> values = new ArrayList<>();
        for (String parameter : parameters) {
            values.add(
                    switch (parameter) {
                        case "index" -> matching(INDEX, "index", given);
                        case "rows" -> matching(Pattern.compile("history|all"), "rows", given);
                        case "letters" ->
                                Integer.valueOf(
                                        matching(Pattern.compile("4|7|10"), "letters", given));
                        case "from" -> day("from", given).toString();
                        case "to" -> day("to", given).toString();
                        case "from_year" -> year(day("from", given).getYear());
                        case "year_before" -> year(day("from", given).getYear() - 1);
                        default -> throw new IllegalStateException(file + ": " + parameter);
                    });
        }
        return values;
    }

    /** The query with its values in place, for a person who runs it elsewhere. */
    String withValues(List<Object> values) {
        StringBuilder text = new StringBuilder();
        int next = 0;
        for (String line : sql.split("(?<=\n)")) {
            if (line.startsWith("--")) {
                text.append(line.startsWith(PARAMETERS) ? "" : line);
                continue;
            }
            for (char c : line.toCharArray()) {
                text.append(c == '?' ? literal(values.get(next++)) : Character.toString(c));
            }
        }
        return text.toString();
    }

    /** As SQL writes it. */
    static String literal(Object value) {
        return value instanceof Number
                ? value.toString()
                : "'" + value.toString().replace("'", "''") + "'";
    }

    private static String matching(Pattern wanted, String name, Map<String, String> given) {
        String value = given.getOrDefault(name, "");
        if (!wanted.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "%s is '%s': it matches %s".formatted(name, value, wanted));
        }
        return value;
    }

    private static LocalDate day(String name, Map<String, String> given) {
        String value = given.getOrDefault(name, "");
        try {
            LocalDate day = LocalDate.parse(value);
            if (day.getYear() < 1 || day.getYear() > 9999) {
                throw new IllegalArgumentException(name + " is not in the years 1 to 9999");
            }
            return day;
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "%s is '%s': it is a date such as 2008-09-15".formatted(name, value));
        }
    }

    private static String year(int year) {
        return "%04d".formatted(year);
    }
}
