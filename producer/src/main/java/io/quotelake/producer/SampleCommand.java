package io.quotelake.producer;

import io.quotelake.producer.csv.CsvFiles;
import io.quotelake.producer.csv.CsvOptions;
import io.quotelake.producer.csv.RowCounts;
import io.quotelake.producer.feed.Feed;
import io.quotelake.producer.feed.FeedOptions;
import io.quotelake.producer.feed.FeedRunner;
import io.quotelake.producer.feed.FileOrder;
import io.quotelake.producer.feed.HeldQuotes;
import io.quotelake.producer.feed.Pace;
import io.quotelake.producer.feed.QuoteSource;
import io.quotelake.producer.kafka.KafkaCluster;
import io.quotelake.producer.kafka.KafkaOptions;
import io.quotelake.producer.terminal.Terminal;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.TopicDescription;
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

    private final Terminal terminal;
    private final Consumer<Feed> started;

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

    SampleCommand(Terminal terminal, Consumer<Feed> started) {
        this.terminal = terminal;
        this.started = started;
    }

    @Override
    public Integer call() throws IOException {
        feedOptions.validate();
        kafka.validate();
        CsvFiles files = CsvFiles.survey(csv.inputs(), csv);
        files.checkWorthSending();
        RowCounts counts = new RowCounts();
        FeedRunner runner =
                new FeedRunner(terminal, started, feedOptions, rate.pace(), counts, files);
        try (QuoteSource file = new FileOrder(files, counts, 1)) {
            HeldQuotes held = HeldQuotes.of(file);
            runner.say("Holding " + held + " in memory, to draw from them");
            QuoteSource source = held.sampled(seed == null ? System.nanoTime() : seed);
            if (feedOptions.dryRun()) {
                runner.print(source);
                return 0;
            }
            files.checkNotAllDeadLetters();
            try (KafkaCluster cluster = new KafkaCluster(kafka)) {
                TopicDescription topic = cluster.topic();
                kafka.remark().ifPresent(terminal.err()::println);
                runner.run(source, cluster.publisher(), 0, kafka.topic());
                cluster.checkStillThere(topic);
            }
        }
        return 0;
    }
}
