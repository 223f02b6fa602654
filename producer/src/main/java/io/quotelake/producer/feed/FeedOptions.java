package io.quotelake.producer.feed;

import io.quotelake.producer.terminal.UsageException;
import java.net.InetSocketAddress;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** How many rows, how they are dated, and whether they leave the machine. */
public final class FeedOptions {

    @Option(names = "--limit", paramLabel = "N", description = "Stop after so many rows.")
    private Long limit;

    @Option(
            names = "--as-of",
            paramLabel = "DAY",
            description =
                    "Give each row this day as it is sent: today (in UTC) or yyyy-MM-dd. The numbers stay.")
    private AsOf asOf;

    @Option(
            names = "--dry-run",
            description = "Print the JSON to standard output; no broker is needed.")
    private boolean dryRun;

    @Option(
            names = "--metrics",
            paramLabel = "[HOST:]PORT",
            description = {
                "Show figures to Prometheus at http://HOST:PORT/metrics while rows are sent.",
                "HOST is 127.0.0.1 unless given."
            })
    private MetricsAddress metrics;

    /** Where metrics are shown. */
    public record MetricsAddress(InetSocketAddress address) {

        public static MetricsAddress parse(String text) {
            int colon = text.lastIndexOf(':');
            String host = colon < 0 ? "127.0.0.1" : text.substring(0, colon);
            try {
                int port = Integer.parseInt(text.substring(colon + 1));
                InetSocketAddress address = new InetSocketAddress(host, port);
                if (port > 0 && !address.isUnresolved()) {
                    return new MetricsAddress(address);
                }
            } catch (IllegalArgumentException e) {
                // Reported below.
            }
            throw new IllegalArgumentException(
                    "'%s' is no address to show metrics at: write it as 9400 or 0.0.0.0:9400"
                            .formatted(text));
        }
    }

    /** The day that quotes are re-dated to. */
    public record AsOf(Supplier<LocalDate> day) {

        public static AsOf parse(String text) {
            if (text.equals("today")) {
                return new AsOf(Feed::today);
            }
            try {
                LocalDate day = LocalDate.parse(text);
                return new AsOf(() -> day);
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(
                        "'%s' is neither today nor a day such as 2030-02-01".formatted(text), e);
            }
        }
    }

    /**
     * @throws UsageException when an option is wrong
     */
    public void validate() {
        if (limit != null && limit < 1) {
            throw new UsageException("--limit %d sends nothing: give at least 1".formatted(limit));
        }
    }

    long limit() {
        return limit == null ? Long.MAX_VALUE : limit;
    }

    /** Null when rows keep their days. */
    Supplier<LocalDate> asOf() {
        return asOf == null ? null : asOf.day();
    }

    /** Where to show metrics, or null. */
    InetSocketAddress metrics() {
        return metrics == null ? null : metrics.address();
    }

    public boolean dryRun() {
        return dryRun;
    }
}
