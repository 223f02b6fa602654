package io.quotelake.producer.feed;

import io.quotelake.producer.csv.CsvFiles;
import io.quotelake.producer.csv.RowCounts;
import io.quotelake.producer.terminal.RunException;
import io.quotelake.producer.terminal.Terminal;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Runs a feed to its end, shows its progress and prints the closing summary. */
public final class FeedRunner {

    private static final double MEBIBYTE = 1024 * 1024;

    private final Terminal terminal;
    private final Consumer<Feed> started;
    private final FeedOptions options;
    private final Pace pace;
    private final RowCounts counts;
    private final CsvFiles files;
    private final PrintStream messages;

    /**
     * @param started learns of the feed once it runs
     * @param counts what the source leaves out
     * @param files what the source reads
     */
    public FeedRunner(
            Terminal terminal,
            Consumer<Feed> started,
            FeedOptions options,
            Pace pace,
            RowCounts counts,
            CsvFiles files) {
        this.terminal = terminal;
        this.started = started;
        this.options = options;
        this.pace = pace;
        this.counts = counts;
        this.files = files;
        // Standard output belongs to the quotes of a dry run.
        this.messages = options.dryRun() ? terminal.err() : terminal.out();
    }

    /** Prints a remark. */
    public void say(String message) {
        messages.println(message);
    }

    /** Prints the quotes, as a dry run does. */
    public void print(QuoteSource source) throws IOException {
        run(source, new StandardOutput(terminal.out()), 0, "standard output");
    }

    /**
     * @param before rows that earlier runs have sent; they count against the limit
     * @param destination what the rows go to, in words
     */
    public void run(QuoteSource source, Publisher publisher, long before, String destination)
            throws IOException {
        files.describe().forEach(terminal.err()::println);
        long limit = Math.max(0, options.limit() - before);
        Feed feed = new Feed(source, publisher, pace, options.asOf(), limit);
        InetSocketAddress metrics = options.metrics();
        try (MetricsEndpoint endpoint =
                metrics == null ? null : new MetricsEndpoint(metrics, feed, publisher, counts)) {
            runAndSummarise(feed, publisher, destination);
        }
        if (feed.sent() == 0 && counts.rejected() > 0 && !feed.isStopping() && before == 0) {
            throw new RunException("no row could be sent: all were rejected");
        }
    }

    private void runAndSummarise(Feed feed, Publisher publisher, String destination)
            throws IOException {
        boolean bar = terminal.interactive() && !options.dryRun();
        long start = System.nanoTime();
        started.accept(feed);
        try (Progress progress = new Progress(messages, bar, publisher, feed)) {
            feed.run();
        } finally {
            double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
            summarise(feed, publisher, destination, seconds);
        }
    }

    private void summarise(Feed feed, Publisher publisher, String destination, double seconds) {
        long rows = publisher.acknowledged();
        say(
                "%s %,d rows to %s: %,.1f MiB of JSON in %,.1f s, %,.0f rows/s"
                        .formatted(
                                feed.isStopping() ? "Stopped: sent" : "Sent",
                                rows,
                                destination,
                                feed.bytes() / MEBIBYTE,
                                seconds,
                                rows / seconds));
        say(
                "Skipped %,d rows (%,d blank, %,d not selected), rejected %,d, retries %,d"
                        .formatted(
                                counts.blank() + counts.notSelected(),
                                counts.blank(),
                                counts.notSelected(),
                                counts.rejected(),
                                publisher.retries()));
        if (!files.writtenRejects().isEmpty()) {
            say(
                    "The rejected rows are in "
                            + files.writtenRejects().stream()
                                    .map(Path::toString)
                                    .collect(Collectors.joining(", ")));
        }
        files.describeDeadLetters().forEach(this::say);
        if (counts.rejected() > feed.sent() && feed.sent() > 0) {
            say(
                    "Most rows were rejected: %,d, and %,d were sent. The first reasons are in the file of the rejected rows"
                            .formatted(counts.rejected(), feed.sent()));
        }
    }
}
