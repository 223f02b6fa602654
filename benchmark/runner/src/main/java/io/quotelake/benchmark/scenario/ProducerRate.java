package io.quotelake.benchmark.scenario;

import io.quotelake.benchmark.measure.Figures;
import io.quotelake.benchmark.measure.Runs;
import io.quotelake.benchmark.measure.Target;
import io.quotelake.benchmark.report.Result;
import io.quotelake.benchmark.testbed.TestBed;
import io.quotelake.benchmark.testbed.TopicClock;
import io.quotelake.local.process.JavaCommand;
import io.quotelake.local.stack.Installation;
import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The producer beside Kafka's own performance test. */
public final class ProducerRate implements Scenario {
    private static final String QUOTELAKE = "Quotelake's producer";
    private static final String PERFORMANCE_TEST = "kafka-producer-perf-test";
    private static final int PARTITIONS = 4;

    /** What the producer sets by itself. */
    private static final List<String> PRODUCER_PROPERTIES =
            List.of(
                    "acks=all",
                    "enable.idempotence=true",
                    "compression.type=lz4",
                    "linger.ms=20",
                    "batch.size=262144",
                    "buffer.memory=67108864");

    @Override
    public String name() {
        return "producer";
    }

    @Override
    public Result run(Setup setup) throws IOException {
        TestBed testBed = setup.testBed();
        Installation installation = testBed.installation();
        long rows = setup.rowsOr(10_000_000);
        Path payloads = testBed.directory().resolve("payloads.jsonl");
        List<String> dryRun = replay(installation, "--dry-run").words();
        run(
                new ProcessBuilder(dryRun).redirectOutput(payloads.toFile()),
                payloads.resolveSibling("dry-run.log"));
        Runs runs = new Runs();
        for (int round = 0; round <= setup.rounds(); round++) {
            String topic = "producer-" + round;
            JavaCommand ours =
                    replay(installation, "--loop", "forever", "--limit", Long.toString(rows))
                            .arguments(
                                    "--bootstrap-servers",
                                    testBed.bootstrapServers(),
                                    "--topic",
                                    topic);
            measure(setup, QUOTELAKE, round, rows, topic, ours, runs);
            measure(
                    setup,
                    PERFORMANCE_TEST,
                    round,
                    rows,
                    topic,
                    performanceTest(testBed, topic, rows, payloads),
                    runs);
        }
        return Result.of(
                name(),
                "Producer",
                """
                %,d quotes of `data/indexProcessed.csv`, again and again: read from CSV and written as JSON by
                `replay --loop forever`, or taken from a file of the same JSON lines by `kafka-producer-perf-test
                --payload-file`; `%s`, a topic of %d partitions. Time is the broker's clock, from the first batch that it
                appended to the last; each run is a process of its own, from cold."""
                        .formatted(rows, String.join(" ", PRODUCER_PROPERTIES), PARTITIONS),
                runs,
                List.of(
                        Target.atLeast(
                                "rows/s over kafka-producer-perf-test's",
                                0.8,
                                runs.ratios(QUOTELAKE, PERFORMANCE_TEST, Figures.ROWS_PER_SECOND)
                                        .median())),
                Result.ChartOf.bars("Rows into a topic", Figures.ROWS_PER_SECOND));
    }

    /** Round 0 warms up the broker. */
    private static void measure(
            Setup setup,
            String name,
            int round,
            long rows,
            String topic,
            JavaCommand command,
            Runs runs)
            throws IOException {
        TestBed testBed = setup.testBed();
        testBed.emptyTopic(topic, PARTITIONS);
        TopicClock clock = new TopicClock(testBed.bootstrapServers(), topic);
        clock.useBrokersTime();
        Path log = testBed.directory().resolve(topic + ".log");
        run(new ProcessBuilder(command.words()).redirectOutput(log.toFile()), log);
        if (clock.rows() != rows) {
            throw Failure.atRunTime(
                    name + " wrote " + clock.rows() + " rows and not " + rows + ": see " + log);
        }
        Figures figures =
                new Figures()
                        .put(Figures.SECONDS, clock.seconds())
                        .put(Figures.ROWS_PER_SECOND, rows / clock.seconds());
        setup.log().accept(topic + " " + name + " " + figures.values());
        if (round > 0) {
            runs.add(name, round, figures);
        }
        testBed.deleteTopic(topic);
    }

    private static JavaCommand replay(Installation installation, String... options) {
        return new JavaCommand()
                .options("-Xmx512m")
                .jar(installation.producerJar())
                .arguments("replay", installation.dataSet().toString())
                .arguments(options);
    }

    private static JavaCommand performanceTest(
            TestBed testBed, String topic, long rows, Path payloads) {
        List<String> arguments =
                new ArrayList<>(List.of("--bootstrap-server", testBed.bootstrapServers()));
        arguments.addAll(
                List.of(
                        "--topic",
                        topic,
                        "--num-records",
                        Long.toString(rows),
                        "--throughput",
                        "-1"));
        arguments.addAll(List.of("--payload-file", payloads.toString(), "--command-property"));
        arguments.addAll(PRODUCER_PROPERTIES);
        return new JavaCommand()
                .options("-Xmx512m")
                .main(
                        "org.apache.kafka.tools.ProducerPerformance",
                        testBed.installation().built("benchmark/kafka-tools/target/lib") + "/*")
                .arguments(arguments);
    }

    private static void run(ProcessBuilder builder, Path log) throws IOException {
        Process process =
                builder.redirectInput(Path.of("/dev/null").toFile())
                        .redirectError(
                                ProcessBuilder.Redirect.appendTo(Path.of(log + ".err").toFile()))
                        .start();
        int exitCode = process.onExit().join().exitValue();
        if (exitCode != 0) {
            throw Failure.atRunTime(
                    builder.command()
                            + " ended with exit code "
                            + exitCode
                            + ":\n"
                            + Files.readString(Path.of(log + ".err")));
        }
    }
}
