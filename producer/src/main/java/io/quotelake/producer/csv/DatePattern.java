package io.quotelake.producer.csv;

import java.text.Normalizer;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * One way to write a day: year, month and day in some order, with what stands between them. {@code
 * d} and {@code M} read one or two digits, {@code MMM} the name of a month in several languages, in
 * full or cut. What follows the day (a time) is not looked at.
 *
 * <p>Unlike {@link java.time.format.DateTimeFormatter} it throws nothing for what doesn't fit,
 * because it is asked for each row of a file which of many patterns fits.
 */
final class DatePattern {

    /** The answer for a text that doesn't fit. */
    static final long NO = Long.MIN_VALUE;

    private static final int CENTURY = 100;

    /** No exchange is older; digits of another order are no year then. */
    private static final int FIRST_YEAR = 1600;

    private static final Map<String, Integer> MONTHS = months();

    private static final Set<String> WEEKDAYS =
            Set.of(
                    "mon",
                    "tue",
                    "tues",
                    "wed",
                    "thu",
                    "thur",
                    "thurs",
                    "fri",
                    "sat",
                    "sun",
                    "monday",
                    "tuesday",
                    "wednesday",
                    "thursday",
                    "friday",
                    "saturday",
                    "sunday",
                    "mo",
                    "di",
                    "mi",
                    "do",
                    "fr",
                    "montag",
                    "dienstag",
                    "mittwoch",
                    "donnerstag",
                    "freitag",
                    "lundi",
                    "mardi",
                    "mercredi",
                    "jeudi",
                    "vendredi");

    private enum Kind {
        YEAR,
        SHORT_YEAR,
        MONTH,
        MONTH_NAME,
        DAY,
        LITERAL
    }

    /**
     * @param fixed whether a number has exactly two digits, because another one follows it
     */
    private record Part(Kind kind, char literal, boolean fixed) {}

    private final String pattern;
    private final List<Part> parts;

    private DatePattern(String pattern, List<Part> parts) {
        this.pattern = pattern;
        this.parts = parts;
    }

    /** The pattern, or null when it has other letters than {@code y}, {@code M} and {@code d}. */
    static DatePattern of(String pattern) {
        List<Part> parts = new ArrayList<>();
        int at = 0;
        while (at < pattern.length()) {
            char c = pattern.charAt(at);
            int end = at;
            while (end < pattern.length() && pattern.charAt(end) == c) {
                end++;
            }
            if (isLetter(c)) {
                boolean adjacent =
                        end < pattern.length() && isLetter(pattern.charAt(end))
                                || at > 0 && isLetter(pattern.charAt(at - 1));
                Kind kind = kind(c, end - at);
                if (kind == null) {
                    return null;
                }
                parts.add(new Part(kind, ' ', adjacent));
            } else if (c == '\'' || c == '[' || c == ']') {
                return null;
            } else {
                for (int i = at; i < end; i++) {
                    parts.add(new Part(Kind.LITERAL, c, false));
                }
            }
            at = end;
        }
        return has(parts, Kind.DAY)
                        && (has(parts, Kind.MONTH) || has(parts, Kind.MONTH_NAME))
                        && (has(parts, Kind.YEAR) || has(parts, Kind.SHORT_YEAR))
                ? new DatePattern(pattern, List.copyOf(parts))
                : null;
    }

    /** Letters of other scripts stand for themselves. */
    private static boolean isLetter(char c) {
        return c < 128 && Character.isLetter(c);
    }

    private static boolean has(List<Part> parts, Kind kind) {
        return parts.stream().anyMatch(part -> part.kind == kind);
    }

    private static Kind kind(char letter, int count) {
        return switch (letter) {
            case 'y', 'u' -> count == 4 ? Kind.YEAR : count == 2 ? Kind.SHORT_YEAR : null;
            case 'M' -> count <= 2 ? Kind.MONTH : count <= 4 ? Kind.MONTH_NAME : null;
            case 'd' -> count <= 2 ? Kind.DAY : null;
            default -> null;
        };
    }

    /** Whether the year stands first and has two digits. */
    boolean beginsWithShortYear() {
        return parts.get(0).kind == Kind.SHORT_YEAR;
    }

    /**
     * The day in days since 1970-01-01 in the upper 32 bits, and in the lower ones where it ends in
     * the text; or {@link #NO}.
     */
    long parse(char[] text, int start, int end) {
        int at = afterWeekday(text, start, end);
        int year = 0;
        int month = 0;
        int day = 0;
        boolean shortYear = false;
        for (Part part : parts) {
            if (part.kind == Kind.LITERAL) {
                int next = afterLiteral(text, at, end, part.literal);
                if (next < 0) {
                    return NO;
                }
                at = next;
            } else if (part.kind == Kind.MONTH_NAME) {
                int from = at;
                while (at < end && Character.isLetter(text[at])) {
                    at++;
                }
                month = month(text, from, at);
                if (at < end && text[at] == '.') {
                    at++;
                }
            } else {
                int from = at;
                int most = part.kind == Kind.YEAR ? 4 : 2;
                int number = 0;
                while (at < end && at - from < most && text[at] >= '0' && text[at] <= '9') {
                    number = 10 * number + text[at++] - '0';
                }
                boolean whole = part.fixed || most == 4 || part.kind == Kind.SHORT_YEAR;
                if (at == from || whole && at - from != most) {
                    return NO;
                }
                switch (part.kind) {
                    case YEAR -> year = number;
                    case SHORT_YEAR -> {
                        year = 2000 + number;
                        shortYear = true;
                    }
                    case MONTH -> month = number;
                    default -> day = number;
                }
            }
        }
        if (at < end && Character.isLetterOrDigit(text[at]) && text[at] != 'T') {
            return NO;
        }
        if (month < 1 || month > 12 || day < 1 || year < FIRST_YEAR) {
            return NO;
        }
        return day(year, month, day, shortYear, at - start);
    }

    /** Skips the name of a weekday: {@code Fri, 14 Jun 2024}. */
    private static int afterWeekday(char[] text, int start, int end) {
        int at = start;
        while (at < end && Character.isLetter(text[at])) {
            at++;
        }
        if (at == start
                || !WEEKDAYS.contains(
                        new String(text, start, at - start).toLowerCase(Locale.ROOT))) {
            return start;
        }
        while (at < end && (text[at] == ',' || text[at] == '.' || text[at] <= ' ')) {
            at++;
        }
        return at;
    }

    private static long day(int year, int month, int day, boolean shortYear, int length) {
        try {
            LocalDate date = LocalDate.of(year, month, day);
            // Quotes are of the past, so '79 is 1979.
            if (shortYear && date.isAfter(LocalDate.now(ZoneOffset.UTC))) {
                date = LocalDate.of(year - CENTURY, month, day);
            }
            return date.toEpochDay() << 32 | length;
        } catch (DateTimeException e) {
            return NO;
        }
    }

    private static int afterLiteral(char[] text, int at, int end, char literal) {
        if (literal != ' ') {
            return at < end && text[at] == literal ? at + 1 : -1;
        }
        int next = at;
        while (next < end && Character.isSpaceChar(text[next])) {
            next++;
        }
        return next > at ? next : -1;
    }

    private static int month(char[] text, int start, int end) {
        String name =
                Normalizer.normalize(new String(text, start, end - start), Normalizer.Form.NFD)
                        .replaceAll("\\p{M}", "")
                        .toLowerCase(Locale.ROOT);
        return MONTHS.getOrDefault(name, 0);
    }

    @Override
    public String toString() {
        return pattern;
    }

    /** English, German, French, Spanish, Italian, Portuguese, Dutch and Scandinavian names. */
    private static Map<String, Integer> months() {
        String[] names = {
            "jan january januar jänner janv janvier ene enero gen gennaio janeiro januari januar",
            "feb february februar févr fév février febrero febbraio fev fevereiro februari",
            "mar march mär mrz märz mars marzo março mrt maart",
            "apr april avr avril abr abril aprile",
            "may mai mayo mag maggio maio mei maj",
            "jun june juni juin junio giu giugno junho",
            "jul july juli juil juillet julio lug luglio julho",
            "aug august août aou ago agosto augustus augusti",
            "sep sept september septembre septiembre set settembre setembro",
            "oct october okt oktober octobre octubre ott ottobre out outubro",
            "nov november novembre noviembre novembro",
            "dec december dez dezember déc décembre dic diciembre dicembre dezembro des desember"
        };
        Map<String, Integer> months = new HashMap<>();
        for (int i = 0; i < names.length; i++) {
            for (String name : names[i].split(" ")) {
                String plain =
                        Normalizer.normalize(name, Normalizer.Form.NFD).replaceAll("\\p{M}", "");
                months.put(plain, i + 1);
            }
        }
        return Map.copyOf(months);
    }
}
