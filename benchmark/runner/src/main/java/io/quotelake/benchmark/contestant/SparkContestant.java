package io.quotelake.benchmark.contestant;

import io.quotelake.benchmark.lake.LakeCheck;
import io.quotelake.benchmark.lake.Layout;
import io.quotelake.benchmark.measure.Figures;
import io.quotelake.benchmark.rows.Feed;
import io.quotelake.benchmark.testbed.TestBed;
import io.quotelake.local.process.JavaCommand;
import io.quotelake.terminal.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Spark's Structured Streaming with two threads, in a process of its own for each run. Time begins
 * when Spark itself is up.
 */
public final class SparkContestant implements Contestant {
    public static final String NAME = "Spark";

    private static final String JAR = "benchmark/spark/target/quotelake-benchmark-spark.jar";

    private final TestBed testBed;
    private final Path jar;

    private SparkContestant(TestBed testBed, Path jar) {
        this.testBed = testBed;
        this.jar = jar;
    }

    /** The contestant, if the build was told to make it: with {@code mvn -Pspark}. */
    public static Optional<Contestant> ifBuilt(TestBed testBed) {
        Path jar = testBed.installation().home().resolve(JAR);
        return Files.exists(jar)
                ? Optional.of(new SparkContestant(testBed, jar))
                : Optional.empty();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Figures run(Feed feed) {
        String topic = testBed.topic(feed);
        try (TestBed.Table table = testBed.newTable()) {
            Path log = testBed.directory().resolve(table.prefix() + "-spark.log");
            Process spark = start(topic, table, log);
            try (BufferedReader output = spark.inputReader()) {
                Meters meters = Meters.start(testBed, NAME, spark.pid());
                await("begin", output, log);
                Instant begin = Instant.now();
                await("end", output, log);
                Meters.Stopped used = meters.stop();
                return used.figures(
                        begin, LakeCheck.of(feed, Layout.PARTITIONED_ROWS, table.path()));
            } finally {
                spark.destroy();
                spark.onExit().join();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process start(String topic, TestBed.Table table, Path log) throws IOException {
        Path checkpoints = testBed.directory().resolve(table.prefix() + "-spark");
        JavaCommand command =
                new JavaCommand()
                        .options("-Xmx2g", "-Djava.io.tmpdir=" + testBed.directory())
                        .jar(jar)
                        .arguments(
                                testBed.bootstrapServers(),
                                topic,
                                table.uri().replaceFirst("^s3:", "s3a:"),
                                checkpoints.toUri().toString(),
                                testBed.stack().s3().uri().toString());
        ProcessBuilder builder = new ProcessBuilder(command.words()).redirectError(log.toFile());
        builder.environment().put("AWS_ACCESS_KEY_ID", testBed.keys().accessKey());
        builder.environment().put("AWS_SECRET_ACCESS_KEY", testBed.keys().secretKey());
        return builder.start();
    }

    private static void await(String word, BufferedReader output, Path log) throws IOException {
        String line = output.readLine();
        if (!word.equals(line)) {
            throw Failure.atRunTime(
                    "Spark ended without '" + word + "':\n" + Files.readString(log));
        }
    }
}
