package io.quotelake.system.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quotelake.flink.FlinkRest;
import io.quotelake.local.process.ChildProcess;
import io.quotelake.local.process.JavaCommand;
import io.quotelake.local.stack.FlinkClient.Result;
import io.quotelake.local.stack.Installation;
import io.quotelake.local.stack.Stack;
import io.quotelake.local.stack.StackOptions;
import io.quotelake.local.stack.StateDirectory;
import io.quotelake.local.stack.TaskManager;
import io.quotelake.verifier.table.Lake;
import io.quotelake.verifier.table.Lakes;
import io.quotelake.verifier.verify.Report;
import io.quotelake.verifier.verify.Verification;
import io.quotelake.verifier.verify.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One table and several jobs that want to write it, each started with Flink's own client, in
 * TaskManagers of one slot with a live feed ({@code -Pfaults}).
 */
@Tag("faults")
class TableOwnerIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration SIDE_BY_SIDE = Duration.ofMinutes(1);

    /** After both have been started and have lived side by side. */
    private static final Duration FIRST_CHECKPOINT = Duration.ofSeconds(90);

    private static final String TOPIC = "stock_market";
    private static final String BUCKET = "quotelake";
    private static final String TABLE = "s3://" + BUCKET + "/" + TOPIC;
    private static final Pattern JOB_ID = Pattern.compile("JobID ([0-9a-f]{32})");
    private static final Pattern SAVEPOINT = Pattern.compile("Savepoint completed. Path: (\\S+)");

    private final Installation installation = Installation.current();

    @ParameterizedTest
    @ValueSource(strings = {"quotelake", "flink"})
    void onlyOneJobWritesAndNeverBackwards(String writer) throws Exception {
        // Time for the second job, before the first one looks for another slot.
        proved("ways-" + writer, "40s", stack -> tryEachWay(stack, writer));
    }

    @ParameterizedTest
    @ValueSource(strings = {"quotelake", "flink"})
    void ofTwoThatLiveSideBySideFromOneSavepointOneGoesOn(String writer) throws Exception {
        proved("two-" + writer, "1s", stack -> liveSideBySide(stack, writer));
    }

    private interface Story {
        void on(Stack stack) throws Exception;
    }

    /** Each row is there once after a story with a feed. */
    private void proved(String name, String restartDelay, Story story) throws Exception {
        StateDirectory state =
                new StateDirectory(Path.of("target/table-owner-it-" + name).toAbsolutePath());
        StackOptions options =
                new StackOptions(state)
                        .emptyLake()
                        .freePorts()
                        // One keeps a slot for a job whose other TaskManager is silent.
                        .taskManagers(3)
                        .flink("taskmanager.numberOfTaskSlots", "1")
                        .flink("execution.checkpointing.interval", "1s")
                        .flink("heartbeat.interval", "1000")
                        .flink("heartbeat.timeout", "5000")
                        .flink("restart-strategy.type", "fixed-delay")
                        .flink("restart-strategy.fixed-delay.attempts", "30")
                        .flink("restart-strategy.fixed-delay.delay", restartDelay);
        try (Stack stack = Stack.start(installation, options)) {
            stack.s3().createBucket(BUCKET);
            stack.broker().createTopic(TOPIC, 1);
            try (ChildProcess feed = feed(stack)) {
                story.on(stack);
                assertThat(feed.isAlive()).isTrue();
            }
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> {
                                Report report = verify(stack);
                                assertThat(report.isClean()).as("%s", report.lines()).isTrue();
                                assertThat(report.rows()).isPositive();
                            });
        }
    }

    /** Until their first checkpoints neither hears of the other. */
    private void liveSideBySide(Stack stack, String writer) throws Exception {
        String before = submitted(run(stack, writer));
        awaitPublished(stack, 2);
        String savepoint =
                found(SAVEPOINT, stack.flink().client().run(List.of("stop", before), Map.of()));
        long stopped = published(stack);

        String[] fromSavepoint = {
            "-s",
            savepoint,
            "-t",
            "remote",
            "-Dexecution.checkpointing.interval=" + FIRST_CHECKPOINT.toSeconds() + "s",
            "-Dexecution.checkpointing.min-pause=" + FIRST_CHECKPOINT.toSeconds() + "s"
        };
        Set<String> two = new HashSet<>();
        two.add(submitted(run(stack, writer, fromSavepoint)));
        two.add(submitted(run(stack, writer, fromSavepoint)));
        await().atMost(PATIENCE).until(() -> running(stack, two).equals(two));
        await().during(SIDE_BY_SIDE)
                .atMost(SIDE_BY_SIDE.multipliedBy(2))
                .until(() -> running(stack, two).equals(two));

        await().atMost(PATIENCE).until(() -> running(stack, two).size() == 1);
        String winner = running(stack, two).iterator().next();
        two.remove(winner);
        awaitFailure(
                stack,
                two.iterator().next(),
                TABLE + " belongs to another run now, to job " + winner);
        awaitPublished(stack, stopped + 1);
        assertThat(running(stack, Set.of(winner))).containsExactly(winner);
    }

    private static Set<String> running(Stack stack, Set<String> jobs) throws IOException {
        Map<String, String> states = stack.flink().rest().jobs();
        return jobs.stream()
                .filter(job -> "RUNNING".equals(states.get(job)))
                .collect(Collectors.toSet());
    }

    private void tryEachWay(Stack stack, String writer) throws Exception {
        String first = submitted(run(stack, writer));
        awaitPublished(stack, 2);

        Result anew = run(stack, writer);
        assertThat(anew.exitCode()).as("%s", anew.output()).isEqualTo(2);
        assertThat(anew.output())
                .anyMatch(line -> line.contains("begins without a checkpoint or savepoint"));

        String older = savepoint(stack, first);
        awaitPublished(stack, published(stack) + 2);
        String tooOld = submitted(run(stack, writer, "-s", older));
        awaitFailure(stack, tooOld, "is not the newest of " + TABLE);
        assertThat(stack.flink().rest().jobs()).containsEntry(first, "RUNNING");

        TaskManager holder = taskManagerOf(stack, first);
        signal("-STOP", holder);
        String second;
        try {
            second = submitted(run(stack, writer, "-s", newestCheckpoint(stack, first)));
            long before = published(stack);
            awaitPublished(stack, before + 3);
        } finally {
            signal("-CONT", holder);
        }
        awaitFailure(stack, first, TABLE + " belongs to another run now, to job " + second);
        long now = published(stack);
        awaitPublished(stack, now + 3);
        assertThat(stack.flink().rest().jobs()).containsEntry(second, "RUNNING");
    }

    private ChildProcess feed(Stack stack) {
        return ChildProcess.start(
                new JavaCommand()
                        .options("-Xmx256m")
                        .jar(installation.producerJar())
                        .arguments(
                                List.of(
                                        "sample",
                                        installation.dataSet().toString(),
                                        "--as-of",
                                        "today",
                                        "--rate",
                                        "100/s")),
                Map.of("KAFKA_BOOTSTRAP_SERVERS", stack.broker().bootstrapServers()),
                stack.state().logs().resolve("producer.log"),
                stack.state().run());
    }

    private Result run(Stack stack, String writer, String... runOptions) throws IOException {
        List<String> words = new ArrayList<>(List.of("run", "-d"));
        words.addAll(List.of(runOptions));
        words.add(installation.jobJar().toString());
        words.addAll(List.of("--bootstrap-servers", stack.broker().bootstrapServers()));
        words.addAll(List.of("--topic", TOPIC, "--output", TABLE, "--s3-writer", writer));
        words.addAll(List.of("--date-granularity", "year"));
        words.addAll(List.of("--roll-interval", "1s", "--roll-inactivity", "1s"));
        return stack.flink().client().run(words, Map.of());
    }

    private static String submitted(Result result) {
        return found(JOB_ID, result);
    }

    private static String savepoint(Stack stack, String job) throws IOException {
        return found(SAVEPOINT, stack.flink().client().run(List.of("savepoint", job), Map.of()));
    }

    private static String found(Pattern pattern, Result result) {
        String output = String.join("\n", result.output());
        Matcher matcher = pattern.matcher(output);
        assertThat(matcher.find()).as(output).isTrue();
        return matcher.group(1);
    }

    private static String newestCheckpoint(Stack stack, String job) throws IOException {
        return stack.flink()
                .rest()
                .get("/jobs/" + job + "/checkpoints")
                .path("latest")
                .path("completed")
                .path("external_path")
                .asText();
    }

    private static void awaitFailure(Stack stack, String job, String why) {
        FlinkRest rest = stack.flink().rest();
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> rest.jobs().get(job).equals("FAILED"));
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(
                        () ->
                                assertThat(rest.get("/jobs/" + job + "/exceptions").toString())
                                        .contains(why));
    }

    private static void awaitPublished(Stack stack, long checkpoint) {
        await().atMost(PATIENCE).until(() -> published(stack) >= checkpoint);
    }

    private static long published(Stack stack) throws IOException {
        Path object = stack.s3().bucket(BUCKET).resolve(TOPIC + ".owner.json");
        if (!Files.exists(object)) {
            return 0;
        }
        Matcher number =
                Pattern.compile("\"published\" : (\\d+)").matcher(Files.readString(object));
        return number.find() ? Long.parseLong(number.group(1)) : 0;
    }

    /** The process of a job's only task. Its id in Flink is taskmanager-NUMBER-START. */
    private static TaskManager taskManagerOf(Stack stack, String job) throws IOException {
        FlinkRest rest = stack.flink().rest();
        String vertex = rest.get("/jobs/" + job).path("vertices").path(0).path("id").asText();
        String id =
                rest.get("/jobs/" + job + "/vertices/" + vertex + "/taskmanagers")
                        .path("taskmanagers")
                        .path(0)
                        .path("taskmanager-id")
                        .asText();
        return stack.flink().taskManagers().get(Integer.parseInt(id.split("-")[1]) - 1);
    }

    private static void signal(String signal, TaskManager process) throws IOException {
        new ProcessBuilder("kill", signal, Long.toString(process.process().pid()))
                .start()
                .onExit()
                .join();
    }

    private static Report verify(Stack stack) throws InterruptedException {
        Verification verification =
                Verification.of(
                        Map.of("bootstrap.servers", stack.broker().bootstrapServers()), TOPIC, 5);
        try (Lake lake =
                Lakes.at(stack.s3().bucket(BUCKET).resolve(TOPIC).toUri().toString(), null)) {
            return new Verifier(verification, lake).verify();
        }
    }
}
