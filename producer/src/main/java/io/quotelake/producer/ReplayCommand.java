package io.quotelake.producer;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sends each row of the file once, or in passes. */
@Command(
        name = "replay",
        description = "Sends each row of the file once, in its order or by date.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ReplayCommand implements Callable<Integer> {

    /** In which order rows leave. */
    enum Order {
        file,
        date
    }

    private final Main main;

    @Mixin private CsvOptions csv;
    @Mixin private FeedOptions feedOptions;

    @Option(
            names = "--order",
            paramLabel = "ORDER",
            description = {
                "file: as they stand. date: chronological across indices; holds all rows in memory.",
                "Default: file, with --speed date"
            })
    private Order order;

    @Option(
            names = "--loop",
            paramLabel = "N|forever",
            defaultValue = "1",
            description = "How often to send the file. Default: once")
    private String loop;

    @Option(
            names = "--rate",
            paramLabel = "RATE",
            description = "At most so many rows: 500/s, 90/min, 10/h. Default: unlimited")
    private Pace.Rate rate;

    @Option(
            names = "--speed",
            paramLabel = "SPEED",
            description = "So many calendar days, by the rows' dates: 1d/s, 30d/min, 100d/h.")
    private Pace.Speed speed;

    @Mixin private KafkaOptions kafka;

    ReplayCommand(Main main) {
        this.main = main;
    }

    @Override
    public Integer call() throws IOException {
        feedOptions.validate();
        kafka.validate();
        if (rate != null && speed != null) {
            throw new UsageException("--rate and --speed are two paces: give one of them");
        }
        long passes = passes();
        CsvInput input = csv.input();
        if (input.isStandardInput() && passes > 1 && order() == Order.file) {
            throw new UsageException(
                    "standard input can be read only once: give --loop a file, or --order date");
        }
        RowCounts counts = new RowCounts();
        FeedRunner runner = new FeedRunner(main, feedOptions);
        try (QuoteSource source = source(input, counts, passes, runner)) {
            if (feedOptions.dryRun()) {
                run(runner, source, new StandardOutput(main.out()), counts, input);
                return 0;
            }
            try (KafkaCluster cluster = new KafkaCluster(kafka)) {
                cluster.topic();
                Publisher publisher =
                        new KafkaPublisher(
                                cluster.producer(null), kafka.topic(), kafka.timestampFromDate());
                run(runner, source, publisher, counts, input);
            }
        }
        return 0;
    }

    private void run(
            FeedRunner runner,
            QuoteSource source,
            Publisher publisher,
            RowCounts counts,
            CsvInput input)
            throws IOException {
        Feed feed = new Feed(source, publisher, pace(), feedOptions.asOf(), feedOptions.limit());
        String destination = feedOptions.dryRun() ? "standard output" : kafka.topic();
        runner.run(feed, publisher, counts, destination, csv.rejects(input));
    }

    private QuoteSource source(CsvInput input, RowCounts counts, long passes, FeedRunner runner)
            throws IOException {
        if (order() == Order.file) {
            return new FileOrder(input, csv, counts, passes);
        }
        try (QuoteSource inFileOrder = new FileOrder(input, csv, counts, 1)) {
            HeldQuotes held = HeldQuotes.of(inFileOrder);
            runner.say("Holding " + held + " in memory, to send them by date");
            return held.byDate(passes);
        }
    }

    private Order order() {
        if (order != null) {
            return order;
        }
        return speed == null ? Order.file : Order.date;
    }

    private Pace pace() {
        if (rate != null) {
            return rate.pace();
        }
        return speed == null ? Pace.UNLIMITED : speed.pace();
    }

    private long passes() {
        if (loop.equals("forever")) {
            return FileOrder.FOREVER;
        }
        try {
            long passes = Long.parseLong(loop);
            if (passes >= 1) {
                return passes;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new UsageException(
                "--loop %s: give how often to send the file, at least 1, or forever"
                        .formatted(loop));
    }
}
