package io.quotelake.producer;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sends random rows for ever. */
@Command(
        name = "sample",
        description =
                "Sends random rows of the file, again and again, until Ctrl-C; holds all rows in memory.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class SampleCommand implements Callable<Integer> {

    private final Main main;

    @Mixin private CsvOptions csv;
    @Mixin private FeedOptions feedOptions;

    @Option(
            names = "--rate",
            paramLabel = "RATE",
            defaultValue = "1/s",
            description = "At most so many rows: 500/s, 90/min, 10/h. Default: ${DEFAULT-VALUE}")
    private Pace.Rate rate;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Draw the same rows each time. Default: other rows each time")
    private Long seed;

    @Mixin private KafkaOptions kafka;

    SampleCommand(Main main) {
        this.main = main;
    }

    @Override
    public Integer call() throws IOException {
        feedOptions.validate();
        kafka.validate();
        CsvInput input = csv.input();
        RowCounts counts = new RowCounts();
        FeedRunner runner =
                new FeedRunner(main, feedOptions, rate.pace(), counts, csv.rejects(input));
        try (QuoteSource file = new FileOrder(input, csv, counts, 1)) {
            HeldQuotes held = HeldQuotes.of(file);
            runner.say("Holding " + held + " in memory, to draw from them");
            QuoteSource source = held.sampled(seed == null ? System.nanoTime() : seed);
            if (feedOptions.dryRun()) {
                runner.print(source);
                return 0;
            }
            try (KafkaCluster cluster = new KafkaCluster(kafka)) {
                cluster.topic();
                runner.run(source, cluster.publisher(), 0, kafka.topic());
            }
        }
        return 0;
    }
}
