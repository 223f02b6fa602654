package io.quotelake.job;

import io.quotelake.job.JobOptions.Start;
import io.quotelake.job.JobOptions.Stop;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.util.TimeUtils;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Values of options, as Flink's own configuration writes them; a wrong one is told what is right.
 */
final class OptionConverters {
    private OptionConverters() {}

    static final class StartConverter implements ITypeConverter<Start> {

        @Override
        public Start convert(String value) {
            for (Start.Position position : Start.Position.values()) {
                if (position.name()
                        .toLowerCase(Locale.ROOT)
                        .equals(value.toLowerCase(Locale.ROOT))) {
                    return new Start(position, null);
                }
            }
            try {
                return new Start(null, Instant.parse(value));
            } catch (DateTimeParseException e) {
                throw new TypeConversionException(
                        "'"
                                + value
                                + "' is none of committed, earliest, latest, or a time such as"
                                + " 2026-01-05T09:30:00Z");
            }
        }
    }

    static final class StopConverter implements ITypeConverter<Stop> {

        @Override
        public Stop convert(String value) {
            if (!value.equalsIgnoreCase("latest")) {
                throw new TypeConversionException("'" + value + "' is not latest");
            }
            return Stop.LATEST;
        }
    }

    static final class SizeConverter implements ITypeConverter<MemorySize> {

        @Override
        public MemorySize convert(String value) {
            try {
                return MemorySize.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        "'" + value + "' is not a size such as 64kb, 128mb or 1gb");
            }
        }
    }

    static final class DurationConverter implements ITypeConverter<Duration> {

        @Override
        public Duration convert(String value) {
            try {
                return TimeUtils.parseDuration(value);
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw new TypeConversionException(
                        "'" + value + "' is not a duration such as 500ms, 30s, 5min or 1h");
            }
        }
    }
}
