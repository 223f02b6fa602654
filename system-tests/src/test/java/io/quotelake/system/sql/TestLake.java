package io.quotelake.system.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quotelake.local.job.JobSubmitter;
import io.quotelake.local.job.Submission;
import io.quotelake.local.process.ChildProcess;
import io.quotelake.local.process.JavaCommand;
import io.quotelake.local.sql.LakeRange;
import io.quotelake.local.sql.QueryValues;
import io.quotelake.local.sql.SqlStatement;
import io.quotelake.local.stack.Installation;
import io.quotelake.local.stack.Settings;
import io.quotelake.local.stack.Stack;
import io.quotelake.local.stack.StackOptions;
import io.quotelake.local.stack.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tables written by the real producer and the real job, on real processes. */
public final class TestLake implements AutoCloseable {
    private static final String BUCKET = "lake";

    private final Installation installation = Installation.current();
    private final Stack stack;

    private TestLake(Stack stack) {
        this.stack = stack;
        stack.s3().createBucket(BUCKET);
    }

    /** Starts broker, S3 endpoint and Flink cluster. */
    public static TestLake start(String name) {
        StateDirectory state =
                new StateDirectory(
                        Installation.current()
                                .home()
                                .resolve("system-tests/target/it")
                                .resolve(name));
        StackOptions options =
                new StackOptions(state)
                        .emptyLake()
                        .flink("execution.checkpointing.interval", "2s")
                        .flink("execution.checkpointing.min-pause", "200ms")
                        // A machine that is busy with other things is no failure here.
                        .flink("heartbeat.timeout", "60000");
        return new TestLake(Stack.start(Installation.current(), options));
    }

    public Stack stack() {
        return stack;
    }

    /** Where the table of a topic lies. */
    public Path table(String topic) {
        return stack.s3().bucket(BUCKET).resolve(topic);
    }

    /** Publishes rows of the data set to a topic of this name. */
    public void publish(String topic, String... producerOptions) {
        publish(installation.dataSet(), topic, producerOptions);
    }

    /** Publishes rows of a CSV file to a topic of this name. */
    public void publish(Path csv, String topic, String... producerOptions) {
        stack.broker().createTopic(topic, 2);
        List<String> arguments = new ArrayList<>(List.of("replay", csv.toString()));
        arguments.addAll(List.of("--topic", topic));
        arguments.addAll(List.of("--bootstrap-servers", stack.broker().bootstrapServers()));
        arguments.addAll(List.of(producerOptions));
        try (ChildProcess producer =
                ChildProcess.start(
                        new JavaCommand().jar(installation.producerJar()).arguments(arguments),
                        Map.of(),
                        stack.state().logs().resolve("producer-" + topic + ".log"),
                        stack.state().run())) {
            assertThat(producer.onExit().join()).as("producer, see %s", producer.output()).isZero();
        }
    }

    /** Writes all that the topic holds into the table of its name. */
    public Path write(String topic, String... jobOptions) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--stop-at", "latest"));
        arguments.addAll(List.of(jobOptions));
        String job = submit(topic, arguments.toArray(String[]::new)).currentJobId();
        await().atMost(Duration.ofMinutes(5))
                .until(() -> stack.flink().rest().jobs().get(job).equals("FINISHED"));
        return table(topic);
    }

    /** Submits the job for a topic. */
    public Submission submit(String topic, String... jobOptions) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(jobOptions));
        arguments.addAll(List.of("--topic", topic, "--output", "s3://" + BUCKET + "/" + topic));
        arguments.addAll(List.of("--bootstrap-servers", stack.broker().bootstrapServers()));
        return new JobSubmitter(installation, stack)
                .submit(arguments, 0, Settings.of(installation));
    }

    /** The statements of {@code aws/sql}, one a file, in the order of their names. */
    public static List<Path> queries() throws IOException {
        try (var files = Files.list(Installation.current().home().resolve("aws/sql"))) {
            return files.filter(file -> file.toString().endsWith(".sql")).sorted().toList();
        }
    }

    /** For their question marks: the crisis, or what the table has of it. */
    static QueryValues values(Path table) throws IOException {
        return QueryValues.of(
                "NYA",
                LocalDate.parse("2008-01-01"),
                LocalDate.parse("2009-12-31"),
                LakeRange.of(table));
    }

    /** The statements of a script, with these values. */
    public static List<SqlStatement> statements(String script, Path table) throws IOException {
        QueryValues values = values(table);
        return SqlStatement.allOf(script).stream().map(one -> one.with(values)).toList();
    }

    @Override
    public void close() {
        stack.close();
    }
}
