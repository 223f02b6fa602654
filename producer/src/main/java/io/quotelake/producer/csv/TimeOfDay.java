package io.quotelake.producer.csv;

import java.time.DateTimeException;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What follows the day in a date cell: nothing, or a time, with or without an offset from UTC.
 *
 * @param time the time; midnight when there is none
 * @param offset the offset in the text, or null
 * @param zoned whether the text names an offset or a zone, be it one without a known offset
 */
record TimeOfDay(LocalTime time, ZoneOffset offset, boolean zoned) {

    static final TimeOfDay NONE = new TimeOfDay(LocalTime.MIDNIGHT, null, false);

    private static final Pattern SYNTAX =
            Pattern.compile(
                    "(?:[ T,]|\\p{Zs})+(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,]\\d+)?)?"
                            + "(?:\\p{Zs}?([AaPp])\\.?[Mm]\\.?)?"
                            + "(?: ?(Z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?|[A-Z]{2,5}|[A-Za-z]+/[A-Za-z_]+))?");
    private static final Pattern COMPACT = Pattern.compile("[ T](\\d{2})(\\d{2})(\\d{2})?");

    /** The time that the text is, or null when it is none. */
    static TimeOfDay parse(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        Matcher compact = COMPACT.matcher(text);
        Matcher matcher = compact.matches() ? compact : SYNTAX.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        try {
            int hour = Integer.parseInt(matcher.group(1));
            int second = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
            String half = matcher.groupCount() > 3 ? matcher.group(4) : null;
            if (half != null) {
                hour = hour % 12 + (half.toLowerCase(Locale.ROOT).equals("p") ? 12 : 0);
            }
            String zone = matcher.groupCount() > 4 ? matcher.group(5) : null;
            return new TimeOfDay(
                    LocalTime.of(hour, Integer.parseInt(matcher.group(2)), second),
                    zone == null ? null : offset(zone),
                    zone != null);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static ZoneOffset offset(String zone) {
        if (zone.equals("Z") || zone.equals("UTC") || zone.equals("GMT")) {
            return ZoneOffset.UTC;
        }
        boolean isOffset = zone.startsWith("+") || zone.startsWith("-");
        return isOffset ? ZoneOffset.of(zone) : null;
    }

    boolean isMidnight() {
        return time.equals(LocalTime.MIDNIGHT);
    }

    /**
     * Whether the day depends on where one stands: midnight is taken as the day that is written.
     */
    boolean isInstant() {
        return zoned && !isMidnight();
    }
}
