package io.quotelake.producer;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Runs a feed to its end, shows its progress and prints the closing summary. */
final class FeedRunner {

    private static final int MEBIBYTE = 1024 * 1024;

    private final Main main;
    private final PrintStream messages;
    private final InetSocketAddress metrics;

    /**
     * @param options say whether standard output belongs to the quotes, and where metrics are shown
     */
    FeedRunner(Main main, FeedOptions options) {
        this.main = main;
        this.messages = options.dryRun() ? main.err() : main.out();
        this.metrics = options.metrics();
    }

    /** Tells something worth knowing before the feed starts. */
    void say(String message) {
        messages.println(message);
    }

    /**
     * @param destination what the quotes go to, for the summary
     * @param rejects the file of rejected rows, which exists if the counts say so
     */
    void run(Feed feed, Publisher publisher, RowCounts counts, String destination, Path rejects)
            throws IOException {
        try (MetricsEndpoint endpoint =
                metrics == null ? null : new MetricsEndpoint(metrics, feed, publisher, counts)) {
            runAndSummarise(feed, publisher, counts, destination, rejects);
        }
    }

    private void runAndSummarise(
            Feed feed, Publisher publisher, RowCounts counts, String destination, Path rejects)
            throws IOException {
        long start = System.nanoTime();
        main.running(feed);
        try (Progress progress =
                new Progress(
                        messages, main.isTerminal() && !feedsStandardOutput(), publisher, feed)) {
            feed.run();
        } finally {
            long nanos = System.nanoTime() - start;
            summarise(feed, publisher, counts, destination, rejects, nanos);
        }
    }

    private boolean feedsStandardOutput() {
        return messages != main.out();
    }

    private void summarise(
            Feed feed,
            Publisher publisher,
            RowCounts counts,
            String destination,
            Path rejects,
            long nanos) {
        double seconds = nanos / (double) TimeUnit.SECONDS.toNanos(1);
        long rows = publisher.acknowledged();
        say(
                "%s %,d rows to %s: %,.1f MiB of JSON in %,.1f s, %,.0f rows/s"
                        .formatted(
                                feed.isStopping() ? "Stopped: sent" : "Sent",
                                rows,
                                destination,
                                feed.bytes() / (double) MEBIBYTE,
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
        if (counts.rejected() > 0 && Files.exists(rejects)) {
            say("The rejected rows are in " + rejects);
        }
    }
}
