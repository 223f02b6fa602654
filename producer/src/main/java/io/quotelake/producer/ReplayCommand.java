package io.quotelake.producer;

import io.quotelake.producer.csv.CsvFiles;
import io.quotelake.producer.csv.CsvInput;
import io.quotelake.producer.csv.CsvOptions;
import io.quotelake.producer.csv.RowCounts;
import io.quotelake.producer.feed.Feed;
import io.quotelake.producer.feed.FeedOptions;
import io.quotelake.producer.feed.FeedRunner;
import io.quotelake.producer.feed.FileOrder;
import io.quotelake.producer.feed.HeldQuotes;
import io.quotelake.producer.feed.Pace;
import io.quotelake.producer.feed.Publisher;
import io.quotelake.producer.feed.QuoteSource;
import io.quotelake.producer.kafka.KafkaCluster;
import io.quotelake.producer.kafka.KafkaOptions;
import io.quotelake.producer.kafka.Position;
import io.quotelake.producer.kafka.Positions;
import io.quotelake.producer.kafka.TransactionalPublisher;
import io.quotelake.producer.terminal.Terminal;
import io.quotelake.producer.terminal.UsageException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
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

    private final Terminal terminal;
    private final Consumer<Feed> started;

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

    @Option(
            names = "--transactional-id",
            paramLabel = "ID",
            description = {
                "Publish exactly once: in Kafka transactions that carry the position in the file.",
                "The same command goes on where committed work ended."
            })
    private String transactionalId;

    @Option(
            names = "--transaction-size",
            paramLabel = "N",
            defaultValue = "10000",
            description =
                    "Rows in a transaction; it ends after 5 s even so. Default: ${DEFAULT-VALUE}")
    private int transactionSize;

    @Mixin private KafkaOptions kafka;

    ReplayCommand(Terminal terminal, Consumer<Feed> started) {
        this.terminal = terminal;
        this.started = started;
    }

    @Override
    public Integer call() throws IOException {
        feedOptions.validate();
        kafka.validate();
        if (rate != null && speed != null) {
            throw new UsageException("--rate and --speed are two paces: give one of them");
        }
        if (transactionSize < 1 || transactionalId != null && transactionalId.isBlank()) {
            throw new UsageException(
                    "--transaction-size is at least 1, and --transactional-id not empty");
        }
        long passes = passes();
        List<CsvInput> inputs = csv.inputs();
        boolean readOnce = inputs.get(0).isReadOnce();
        if (readOnce && passes > 1 && order() == Order.file) {
            throw new UsageException(
                    "standard input can be read only once: give --loop a file, or --order date");
        }
        if (transactionalId != null && readOnce) {
            throw new UsageException(
                    "standard input can't be read again after a crash: give --transactional-id a file");
        }
        CsvFiles files = CsvFiles.survey(inputs, csv);
        files.checkWorthSending();
        RowCounts counts = new RowCounts();
        FeedRunner runner = new FeedRunner(terminal, started, feedOptions, pace(), counts, files);
        try (QuoteSource source = source(files, counts, passes, runner)) {
            if (feedOptions.dryRun()) {
                runner.print(source);
                return 0;
            }
            files.checkNotAllDeadLetters();
            try (KafkaCluster cluster = new KafkaCluster(kafka)) {
                TopicDescription topic = cluster.topic();
                if (transactionalId == null) {
                    Publisher publisher = cluster.publisher();
                    kafka.remark().ifPresent(terminal.err()::println);
                    runner.run(source, publisher, 0, kafka.topic());
                } else {
                    Position.Origin origin =
                            new Position.Origin(
                                    files.sha256(),
                                    selection(files),
                                    KafkaCluster.idOf(topic).orElse(null));
                    runTransactional(runner, source, cluster, origin);
                }
                cluster.checkStillThere(topic);
            }
        }
        return 0;
    }

    private void runTransactional(
            FeedRunner runner, QuoteSource source, KafkaCluster cluster, Position.Origin origin)
            throws IOException {
        Positions positions = new Positions(cluster, kafka.topic(), transactionalId);
        // Ends what a killed run left open; only then the position can be trusted.
        KafkaProducer<byte[], byte[]> producer = cluster.transactionalProducer(transactionalId);
        Optional<String> remark = positions.remark(origin);
        Position start = positions.resume(origin);
        remark.ifPresent(terminal.err()::println);
        kafka.remark().ifPresent(terminal.err()::println);
        source.skipTo(start.pass(), start.row());
        if (start.rows() > 0) {
            runner.say("Going on behind %,d rows published before".formatted(start.rows()));
        }
        Publisher publisher =
                new TransactionalPublisher(
                        producer,
                        kafka.topic(),
                        kafka.timestampFromDate(),
                        positions,
                        start,
                        transactionSize);
        runner.run(source, publisher, start.rows(), kafka.topic());
    }

    private String selection(CsvFiles files) {
        return "order=%s %s".formatted(order(), files.describeSelection());
    }

    private QuoteSource source(CsvFiles files, RowCounts counts, long passes, FeedRunner runner)
            throws IOException {
        QuoteSource inFileOrder = new FileOrder(files, counts, order() == Order.file ? passes : 1);
        if (order() == Order.file) {
            return inFileOrder;
        }
        try (inFileOrder) {
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
