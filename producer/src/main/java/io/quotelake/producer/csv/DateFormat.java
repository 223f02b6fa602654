package io.quotelake.producer.csv;

import io.quotelake.producer.terminal.UsageException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How dates are written in the CSV: ISO 8601 ({@code 1986-12-31}), another order of day, month and
 * year, any pattern of {@link DateTimeFormatter}, or the time since 1970. A time behind the day is
 * dropped; one with a zone is an instant, whose day is that of the zone that the person names.
 *
 * <p>Not safe for use by several threads.
 */
final class DateFormat {

    static final String ISO_PATTERN = "yyyy-MM-dd";

    /** Seconds and milliseconds since 1970-01-01T00:00Z, with as many digits as they have today. */
    static final String EPOCH_SECONDS = "seconds since 1970";

    static final String EPOCH_MILLIS = "milliseconds since 1970";

    private static final int EPOCH_SECONDS_DIGITS = 10;
    private static final int EPOCH_MILLIS_DIGITS = 13;
    private static final int ISO_LENGTH = 10;
    private static final Pattern TWO_DIGIT_YEAR = Pattern.compile("(?<!y)yy(?!y)");

    private final String pattern;
    private final DatePattern days;
    private final DateTimeFormatter formatter;
    private final ZoneId zone;
    private boolean timeSeen;

    private DateFormat(String pattern, DatePattern days, DateTimeFormatter formatter, ZoneId zone) {
        this.pattern = pattern;
        this.days = days;
        this.formatter = formatter;
        this.zone = zone;
    }

    /**
     * @param pattern one of {@link DateTimeFormatter}, or one of the two of this class
     * @param zone where the day of an instant is looked up, or null
     * @throws UsageException when the pattern names no day
     */
    static DateFormat of(String pattern, ZoneId zone) {
        if (pattern.equals(EPOCH_SECONDS) || pattern.equals(EPOCH_MILLIS)) {
            return new DateFormat(pattern, null, null, zone);
        }
        DatePattern days = DatePattern.of(pattern);
        if (days != null) {
            return new DateFormat(pattern, days, null, zone);
        }
        try {
            DateFormat format = new DateFormat(pattern, null, formatter(pattern), zone);
            LocalDate day = LocalDate.of(1986, 12, 31);
            if (format.parse(format.formatter.format(day.atStartOfDay())).equals(day)) {
                return format;
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            // Reported below, in the same words for all that can be wrong with a pattern.
        }
        throw new UsageException(
                "--date-format '%s' doesn't describe a date; accepted are patterns like dd/MM/yyyy or d MMM yyyy"
                        .formatted(pattern));
    }

    /**
     * The day in days since 1970-01-01.
     *
     * @throws RejectedRowException when the text doesn't fit
     */
    int epochDay(char[] text, int start, int end) throws RejectedRowException {
        if (end - start == ISO_LENGTH && pattern.equals(ISO_PATTERN)) {
            int day = isoDay(text, start);
            if (day != Quote.NO_DATE) {
                return day;
            }
        }
        if (days != null) {
            long parsed = days.parse(text, start, end);
            if (parsed != DatePattern.NO) {
                int day = (int) (parsed >> 32);
                int dayEnd = start + (int) parsed;
                return dayEnd == end ? day : dayAt(day, new String(text, dayEnd, end - dayEnd));
            }
        } else if (formatter != null) {
            try {
                return (int) parse(new String(text, start, end - start)).toEpochDay();
            } catch (DateTimeException e) {
                // Reported below.
            }
        } else if (epochPattern(text, start, end) != null) {
            return dayOfEpoch(Long.parseLong(new String(text, start, end - start)));
        }
        throw new RejectedRowException(
                "date '%s' doesn't fit %s"
                        .formatted(new String(text, start, end - start), pattern));
    }

    private int dayAt(int day, String rest) throws RejectedRowException {
        TimeOfDay time = TimeOfDay.parse(rest);
        if (time == null) {
            throw new RejectedRowException(
                    "'%s' behind the date is no time".formatted(rest.strip()));
        }
        timeSeen |= !time.isMidnight();
        if (zone == null && time.isInstant()) {
            throw new RejectedRowException("the day of an instant needs --zone");
        }
        if (zone != null && time.offset() != null) {
            return (int)
                    LocalDate.ofEpochDay(day)
                            .atTime(time.time())
                            .toInstant(time.offset())
                            .atZone(zone)
                            .toLocalDate()
                            .toEpochDay();
        }
        return day;
    }

    private int dayOfEpoch(long count) throws RejectedRowException {
        if (zone == null) {
            throw new RejectedRowException("the day of an instant needs --zone");
        }
        Instant instant =
                pattern.equals(EPOCH_MILLIS)
                        ? Instant.ofEpochMilli(count)
                        : Instant.ofEpochSecond(count);
        timeSeen = true;
        return (int) instant.atZone(zone).toLocalDate().toEpochDay();
    }

    /** Whether a date bore a time other than midnight that was dropped without being asked for. */
    boolean hasSeenTime() {
        return timeSeen && formatter == null;
    }

    /** Which of the two patterns of this class a text of digits is, or null. */
    static String epochPattern(char[] text, int start, int end) {
        for (int i = start; i < end; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return null;
            }
        }
        return switch (end - start) {
            case EPOCH_SECONDS_DIGITS -> EPOCH_SECONDS;
            case EPOCH_MILLIS_DIGITS -> EPOCH_MILLIS;
            default -> null;
        };
    }

    /** The day of {@code yyyy-MM-dd}, or {@link Quote#NO_DATE} when the ten characters are none. */
    static int isoDay(char[] text, int start) {
        for (int i = 0; i < ISO_LENGTH; i++) {
            char c = text[start + i];
            if (i == 4 || i == 7 ? c != '-' : c < '0' || c > '9') {
                return Quote.NO_DATE;
            }
        }
        try {
            int year = 100 * twoDigits(text, start) + twoDigits(text, start + 2);
            int month = twoDigits(text, start + 5);
            int day = twoDigits(text, start + 8);
            return (int) LocalDate.of(year, month, day).toEpochDay();
        } catch (DateTimeException e) {
            return Quote.NO_DATE;
        }
    }

    private LocalDate parse(String date) {
        LocalDate day = LocalDate.parse(date, formatter);
        // Quotes are of the past, so '79 is 1979.
        return TWO_DIGIT_YEAR.matcher(pattern).find() && day.isAfter(LocalDate.now(ZoneOffset.UTC))
                ? day.minusYears(100)
                : day;
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

    private static int twoDigits(char[] text, int at) {
        return 10 * (text[at] - '0') + text[at + 1] - '0';
    }

    /** The pattern. */
    @Override
    public String toString() {
        return pattern;
    }
}
