package io.quotelake.system.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quotelake.local.Main;
import io.quotelake.local.job.JobKeeper;
import io.quotelake.local.job.JobSubmitter;
import io.quotelake.local.job.Submissions;
import io.quotelake.local.process.ChildProcess;
import io.quotelake.local.process.JavaCommand;
import io.quotelake.local.stack.Installation;
import io.quotelake.local.stack.Settings;
import io.quotelake.local.stack.Stack;
import io.quotelake.local.stack.StackOptions;
import io.quotelake.local.stack.StateDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What an operator sees of a job that is stopped and resumed beside a live feed: verify says what
 * waits, and the job goes on from its newest state or not at all.
 */
@Tag("jobs")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ResumeIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String TOPIC = "stock_market";
    private static final int CLEAN = 0;
    private static final int WRONG_USE = 2;
    private static final int WAITING = 3;
    private static final Pattern SUBMITTED = Pattern.compile("Submitted job ([0-9a-f]{32})");
    private static final Pattern JOB_ID = Pattern.compile("JobID ([0-9a-f]{32})");
    private static final Pattern SAVEPOINT =
            Pattern.compile("Savepoint completed. Path: (?:file:)?(\\S+)");

    private final Installation installation = Installation.current();
    private final StateDirectory state = new StateDirectory(Path.of("target/resume-it"));
    private final Path elsewhere = Path.of("target/resume-it-savepoints").toAbsolutePath();
    private Stack stack;
    private ChildProcess feed;
    private String job;

    @BeforeAll
    void startWithALiveFeed() throws Exception {
        stack =
                Stack.start(
                        installation,
                        new StackOptions(state)
                                .emptyLake()
                                .flink("metrics.fetcher.update-interval", "1000")
                                .flink("execution.checkpointing.interval", "2s"));
        stack.s3().createBucket("quotelake");
        stack.broker().createTopic(TOPIC, 2);
        job =
                found(
                        SUBMITTED,
                        quotelake(
                                "submit",
                                "--date-granularity",
                                "month",
                                "--roll-interval",
                                "6s",
                                "--roll-inactivity",
                                "6s"));
        List<String> sample =
                List.of(
                        "sample",
                        installation.dataSet().toString(),
                        "--as-of",
                        "today",
                        "--rate",
                        "100/s");
        feed =
                ChildProcess.start(
                        new JavaCommand()
                                .options("-Xmx256m")
                                .jar(installation.producerJar())
                                .arguments(sample),
                        Map.of("KAFKA_BOOTSTRAP_SERVERS", stack.broker().bootstrapServers()),
                        state.logs().resolve("producer.log"),
                        state.run());
    }

    @AfterAll
    void stop() {
        if (feed != null) {
            feed.close();
        }
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    @Order(1)
    void besideALiveFeedRowsWaitAndNoneIsMissing() throws Exception {
        await().atMost(PATIENCE).until(() -> quotelake("verify").output().contains("rows in"));
        awaitPublishedRows();

        for (int look = 0; look < 4; look++) {
            Run verified = quotelake("verify");

            assertThat(verified.exitCode()).as(verified.output()).isEqualTo(WAITING);
            assertThat(verified.output())
                    .contains("job " + job + " has not published it yet")
                    .contains("Verdict: clean so far.");
        }
    }

    @Test
    @Order(1)
    void theJobSaysHowMuchIsBehindOpenTransactions() throws Exception {
        String vertex =
                stack.flink()
                        .rest()
                        .get("/jobs/" + job)
                        .findValue("vertices")
                        .get(0)
                        .get("id")
                        .asText();

        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(
                                                stack.flink()
                                                        .rest()
                                                        .get(
                                                                "/jobs/%s/vertices/%s/jm-operator-metrics"
                                                                        .formatted(job, vertex))
                                                        .toString())
                                        .contains(
                                                "coordinator.enumerator.offsetsBehindTransactions"));
    }

    @Test
    @Order(2)
    void aReplayBesideTheLiveFeedComesOutClean() throws Exception {
        String replay =
                found(
                        SUBMITTED,
                        quotelake(
                                "submit",
                                "--stop-at",
                                "latest",
                                "--output",
                                "s3://quotelake/again",
                                "--group-id",
                                "again",
                                "--dead-letter-topic",
                                "again.dead-letters",
                                "--date-granularity",
                                "year"));
        awaitState(replay, "FINISHED");

        Run verified =
                quotelake(
                        "verify",
                        "--output",
                        "s3://quotelake/again",
                        "--dead-letter-topic",
                        "again.dead-letters",
                        "--until",
                        "group:again");

        assertThat(verified.exitCode()).as(verified.output()).isEqualTo(CLEAN);

        Run refused = quotelake("submit", "--resume", "--job", replay);
        assertThat(refused.exitCode()).as(refused.output()).isEqualTo(WRONG_USE);
        assertThat(refused.output().lines())
                .singleElement()
                .asString()
                .contains("job " + replay + " can't be resumed");
    }

    @Test
    @Order(3)
    void afterAStopStatusNamesTheRightCommandAndItGoesOnExactly() throws Exception {
        String savepoint = found(SAVEPOINT, quotelake("flink", "stop", "--type", "canonical", job));

        assertThat(quotelake("status").output())
                .contains(
                        "./quotelake submit --resume --job "
                                + job
                                + " goes on with the one to s3://quotelake/stock_market");

        Run otherTopic = quotelake("submit", "--resume", "--job", job, "--topic", "other");
        assertThat(otherTopic.exitCode()).as(otherTopic.output()).isEqualTo(WRONG_USE);
        assertThat(otherTopic.output()).contains("its state holds the topic's offsets");

        Run resumed = quotelake("submit", "--resume", "--job", job);
        assertThat(resumed.output()).contains("Resumed from " + savepoint);
        job = found(SUBMITTED, resumed);
        awaitPublishedRows();
        Run verified = quotelake("verify");
        assertThat(verified.exitCode()).as(verified.output()).isEqualTo(WAITING);
    }

    @Test
    @Order(4)
    void aSavepointInAnotherPlaceIsResumedFromOrItsLossIsTold() throws Exception {
        String savepoint =
                found(
                        SAVEPOINT,
                        quotelake(
                                "flink",
                                "stop",
                                "--savepointPath",
                                elsewhere.toUri().toString(),
                                job));
        Path moved = Path.of(savepoint + "-moved");
        Files.move(Path.of(savepoint), moved);

        Run gone = quotelake("submit", "--resume", "--job", job);
        assertThat(gone.exitCode()).as(gone.output()).isEqualTo(WRONG_USE);
        assertThat(gone.output()).contains("is not there any more").contains("--checkpoint");

        Files.move(moved, Path.of(savepoint));
        Run resumed = quotelake("submit", "--resume", "--job", job);
        assertThat(resumed.output()).contains("Resumed from " + savepoint);
        job = found(SUBMITTED, resumed);
    }

    @Test
    @Order(5)
    void onceTheFeedEndsEverythingIsThereOnce() throws Exception {
        feed.close();

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            Run verified = quotelake("verify");
                            assertThat(verified.exitCode()).as(verified.output()).isEqualTo(CLEAN);
                        });
        quotelake("flink", "cancel", job);
    }

    @Test
    @Order(6)
    void aJobThatFlinksClientStartedIsResumedToo() throws Exception {
        Run started =
                quotelake(
                        "flink",
                        "run",
                        "-d",
                        installation.jobJar().toString(),
                        "--bootstrap-servers",
                        stack.broker().bootstrapServers(),
                        "--topic",
                        TOPIC,
                        "--output",
                        "s3://quotelake/by-hand",
                        "--group-id",
                        "by-hand",
                        "--dead-letter-topic",
                        "by-hand.dead-letters",
                        "--date-granularity",
                        "year",
                        "--roll-interval",
                        "2s");
        String byHand = found(JOB_ID, started);
        JobKeeper keeper = new JobKeeper(state, new JobSubmitter(installation, stack));
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            keeper.noteEnded(stack.flink().rest());
                            return new Submissions(state)
                                    .newest()
                                    .filter(last -> last.currentJobId().equals(byHand))
                                    .isPresent();
                        });
        String savepoint = found(SAVEPOINT, quotelake("flink", "stop", byHand));

        Run resumed = quotelake("submit", "--resume");

        assertThat(resumed.output()).contains("Resumed from " + savepoint);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            Run verified =
                                    quotelake(
                                            "verify",
                                            "--output",
                                            "s3://quotelake/by-hand",
                                            "--dead-letter-topic",
                                            "by-hand.dead-letters");
                            assertThat(verified.exitCode()).as(verified.output()).isEqualTo(CLEAN);
                        });
    }

    private void awaitPublishedRows() {
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            Run verified = quotelake("verify");
                            return verified.exitCode() == WAITING
                                    && !verified.output().contains("before its last start")
                                    && !verified.output().contains("Lake: 0 rows");
                        });
    }

    private void awaitState(String id, String state) {
        await().atMost(PATIENCE).until(() -> state.equals(stack.flink().rest().jobs().get(id)));
    }

    /** The launcher's command, as ./quotelake runs it. */
    private Run quotelake(String... words) throws Exception {
        Path output = state.root().resolve("run.out");
        JavaCommand command =
                new JavaCommand()
                        .shortLived()
                        .options("-Dquotelake.home=" + installation.home())
                        .options("-Dquotelake.state=" + state.root())
                        .main(Main.class.getName(), System.getProperty("java.class.path"))
                        .arguments(words);
        ProcessBuilder builder =
                new ProcessBuilder(command.words())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment()
                .keySet()
                .removeAll(List.of(Settings.BROKERS, Settings.TOPIC, Settings.BUCKET));
        Process process = builder.start();
        boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).as("ended within " + PATIENCE).isTrue();
        return new Run(process.exitValue(), Files.readString(output));
    }

    private record Run(int exitCode, String output) {}

    private static String found(Pattern pattern, Run run) {
        Matcher matcher = pattern.matcher(run.output());
        assertThat(matcher.find()).as("%s in %s", pattern, run.output()).isTrue();
        return matcher.group(1);
    }
}
