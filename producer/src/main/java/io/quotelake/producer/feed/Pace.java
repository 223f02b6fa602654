package io.quotelake.producer.feed;

import io.quotelake.producer.csv.Quote;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** When each quote may leave. Not safe for use by several threads. */
public interface Pace {

    /** As fast as it goes. */
    Pace UNLIMITED = (quote, now) -> now;

    /**
     * The time from which on the quote may leave; asked once per quote, in their order.
     *
     * @param now the present reading of {@link System#nanoTime()}
     * @return a reading of the same clock
     */
    long dueNanos(Quote quote, long now);

    /**
     * A limit of rows per unit of time, such as {@code 500/s}, {@code 90/min}, {@code 10/h}. The
     * first row leaves at once, the others evenly. A delay is made up for up to one second; what a
     * longer pause of the broker cost is not.
     */
    record Rate(double rowsPerSecond) {

        private static final Pattern SYNTAX = Pattern.compile("(\\d+(?:\\.\\d+)?)(?:/(s|min|h))?");

        public static Rate parse(String text) {
            Matcher matcher = SYNTAX.matcher(text);
            if (matcher.matches()) {
                double rows = Double.parseDouble(matcher.group(1));
                double rate = rows / seconds(matcher.group(2));
                if (rate > 0) {
                    return new Rate(rate);
                }
            }
            throw new IllegalArgumentException(
                    "'%s' is not a rate: write for example 500/s, 90/min or 10/h".formatted(text));
        }

        public Pace pace() {
            return new Pace() {
                private static final long CATCH_UP_NANOS = Duration.ofSeconds(1).toNanos();
                private final double interval = 1e9 / rowsPerSecond;
                private boolean started;
                private long base;
                private double next;

                @Override
                public long dueNanos(Quote quote, long now) {
                    if (!started) {
                        started = true;
                        base = now;
                    }
                    next = Math.max(next, (double) (now - base - CATCH_UP_NANOS));
                    long due = base + (long) next;
                    next += interval;
                    return due;
                }
            };
        }
    }

    /**
     * A number of calendar days per unit of time, by the dates of the rows, such as {@code 1d/s} or
     * {@code 30d/min}. A row without a date leaves with the one before it; where the dates jump
     * back, as at the next index or pass, the calendar starts anew.
     */
    record Speed(double daysPerSecond) {

        private static final Pattern SYNTAX = Pattern.compile("(\\d+(?:\\.\\d+)?)d/(s|min|h)");

        public static Speed parse(String text) {
            Matcher matcher = SYNTAX.matcher(text);
            if (matcher.matches()) {
                double speed = Double.parseDouble(matcher.group(1)) / seconds(matcher.group(2));
                if (speed > 0) {
                    return new Speed(speed);
                }
            }
            throw new IllegalArgumentException(
                    "'%s' is not a speed: write calendar days per time, for example 1d/s or 30d/min"
                            .formatted(text));
        }

        public Pace pace() {
            return new Pace() {
                private static final long LATE_NANOS = Duration.ofSeconds(1).toNanos();
                private final double nanosPerDay = 1e9 / daysPerSecond;
                private int anchorDay;
                private long anchorNanos;
                private int lastDay = Quote.NO_DATE;

                @Override
                public long dueNanos(Quote quote, long now) {
                    if (!quote.hasDate()) {
                        return now;
                    }
                    int day = quote.epochDay();
                    if (lastDay == Quote.NO_DATE || day < lastDay) {
                        anchorDay = day;
                        anchorNanos = now;
                    }
                    lastDay = day;
                    long due = anchorNanos + (long) ((day - anchorDay) * nanosPerDay);
                    if (now - due > LATE_NANOS) {
                        anchorNanos += now - due;
                    }
                    return due;
                }
            };
        }
    }

    private static double seconds(String unit) {
        return switch (unit == null ? "s" : unit) {
            case "h" -> 3600;
            case "min" -> 60;
            default -> 1;
        };
    }
}
