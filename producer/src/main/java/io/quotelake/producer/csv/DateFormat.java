package io.quotelake.producer.csv;

import io.quotelake.producer.terminal.UsageException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How dates are written in the CSV: ISO 8601 ({@code 1986-12-31}, also followed by midnight, as
 * data frames are saved), or a pattern of {@link DateTimeFormatter}.
 */
final class DateFormat {

    private static final String ISO_PATTERN = "yyyy-MM-dd";
    private static final int ISO_LENGTH = 10;
    private static final Pattern MIDNIGHT =
            Pattern.compile("[ T]00:00(:00(\\.0+)?)?( ?(Z|[+-]\\d\\d:?\\d\\d))?");

    /** What spreadsheets and market sites write, the more usual first. */
    private static final List<String> KNOWN_PATTERNS =
            List.of(
                    ISO_PATTERN,
                    "dd/MM/yyyy",
                    "MM/dd/yyyy",
                    "d/M/yyyy",
                    "M/d/yyyy",
                    "yyyy/MM/dd",
                    "dd.MM.yyyy",
                    "d.M.yyyy",
                    "dd-MM-yyyy",
                    "MM-dd-yyyy",
                    "yyyyMMdd",
                    "dd-MMM-yyyy",
                    "d MMM yyyy",
                    "MMM dd, yyyy",
                    "MMM d, yyyy",
                    "dd/MM/yy",
                    "MM/dd/yy",
                    "dd-MMM-yy",
                    "yyyy-MM-dd HH:mm:ss",
                    "dd/MM/yyyy HH:mm",
                    "MM/dd/yyyy HH:mm");

    private static final Pattern TWO_DIGIT_YEAR = Pattern.compile("(?<!y)yy(?!y)");

    private final String pattern;
    private final DateTimeFormatter formatter;
    private final boolean twoDigitYear;

    private DateFormat(String pattern) {
        this.pattern = pattern;
        this.formatter = formatter(pattern);
        this.twoDigitYear = TWO_DIGIT_YEAR.matcher(pattern).find();
    }

    static DateFormat iso() {
        return new DateFormat(ISO_PATTERN);
    }

    /**
     * @throws UsageException when the pattern is not one of {@link DateTimeFormatter}, or names no
     *     day
     */
    static DateFormat of(String pattern) {
        try {
            DateFormat format = new DateFormat(pattern);
            LocalDate day = LocalDate.of(1986, 12, 31);
            if (format.parse(format.formatter.format(day.atStartOfDay())).equals(day)) {
                return format;
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            // Told below, in the same words for all that can be wrong with a pattern.
        }
        throw new UsageException(
                "--date-format '%s' doesn't describe a date; accepted are patterns like dd/MM/yyyy or d MMM yyyy"
                        .formatted(pattern));
    }

    /**
     * The day in days since 1970-01-01.
     *
     * @throws RejectedRowException when the text doesn't fit; the message names the formats that
     *     would
     */
    int epochDay(char[] text, int start, int end) throws RejectedRowException {
        try {
            if (!pattern.equals(ISO_PATTERN)) {
                return (int) parse(new String(text, start, end - start)).toEpochDay();
            }
            if (isIso(text, start, end)) {
                int year = 100 * twoDigits(text, start) + twoDigits(text, start + 2);
                int month = twoDigits(text, start + 5);
                int day = twoDigits(text, start + 8);
                return (int) LocalDate.of(year, month, day).toEpochDay();
            }
        } catch (DateTimeException e) {
            // Told below.
        }
        throw new RejectedRowException(complaint(new String(text, start, end - start)));
    }

    /** The formats that would read the date, the more usual first. */
    static List<String> fitting(String date) {
        return KNOWN_PATTERNS.stream().filter(pattern -> fits(date, pattern)).toList();
    }

    private String complaint(String date) {
        String advice =
                fitting(date).stream()
                        .map(fitting -> "--date-format '" + fitting + "'")
                        .collect(Collectors.joining(" or "));
        return "date '%s' doesn't fit %s".formatted(date, pattern)
                + (advice.isEmpty() ? "" : "; " + advice + " would");
    }

    private LocalDate parse(String date) {
        LocalDate day = LocalDate.parse(date, formatter);
        // Quotes are of the past, so '79 is 1979.
        return twoDigitYear && day.isAfter(LocalDate.now(ZoneOffset.UTC))
                ? day.minusYears(100)
                : day;
    }

    private static boolean fits(String date, String pattern) {
        try {
            LocalDate.parse(date, formatter(pattern));
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** Strict about the calendar, so years are {@code u}: the year of an era would need its era. */
    private static DateTimeFormatter formatter(String pattern) {
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(pattern.replace('y', 'u'))
                .toFormatter(Locale.ENGLISH)
                .withChronology(IsoChronology.INSTANCE)
                .withResolverStyle(ResolverStyle.STRICT);
    }

    private static boolean isIso(char[] text, int start, int end) {
        if (end - start < ISO_LENGTH) {
            return false;
        }
        for (int i = 0; i < ISO_LENGTH; i++) {
            char c = text[start + i];
            if (i == 4 || i == 7 ? c != '-' : c < '0' || c > '9') {
                return false;
            }
        }
        return end - start == ISO_LENGTH
                || MIDNIGHT.matcher(new String(text, start + ISO_LENGTH, end - start - ISO_LENGTH))
                        .matches();
    }

    private static int twoDigits(char[] text, int at) {
        return 10 * (text[at] - '0') + text[at + 1] - '0';
    }
}
