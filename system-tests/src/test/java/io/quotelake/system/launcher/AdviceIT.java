package io.quotelake.system.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quotelake.local.Main;
import io.quotelake.local.stack.RunningStack;
import io.quotelake.local.stack.StateDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Each command that is recommended, run in the very state in which it is recommended, and the lake
 * looked through after it: one stack on its way through the states that a person brings it into.
 */
@Tag("jobs")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AdviceIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CLEAN = 0;
    private static final int FOUND_SOMETHING = 1;
    private static final int WRONG_USE = 2;
    private static final String TOPIC = "stock_market";
    private static final Pattern COMMAND =
            Pattern.compile("\\./quotelake ([a-z-]+(?: --[a-z-]+(?: [0-9a-f]{32})?)*)");
    private static final Pattern JOB = Pattern.compile("([0-9a-f]{32})");

    private final StateDirectory state = new StateDirectory(Path.of("target/advice-it"));
    private final Path output = Path.of("target/advice-it.out");
    private final Path rows = Path.of("target/advice-it.csv").toAbsolutePath();
    private final PrintStream standardOutput = System.out;
    private final PrintStream standardError = System.err;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private Process launcher;
    private int published;

    @BeforeAll
    void beginWithNothing() throws IOException {
        StateDirectory.delete(state.root());
        System.setProperty("quotelake.state", state.root().toString());
    }

    @BeforeEach
    void listen() {
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(standardOutput);
        System.setErr(standardError);
    }

    @AfterAll
    void stop() {
        System.clearProperty("quotelake.state");
        if (launcher != null) {
            launcher.destroy();
            launcher.onExit().join();
        }
    }

    @Test
    @Order(1)
    void withoutAStackItIsStarted() throws Exception {
        assertThat(advised("status", WRONG_USE)).isEqualTo("up");
        assertThat(advised("submit", WRONG_USE)).isEqualTo("up");
        assertThat(run("submit --date-granularity week", WRONG_USE)).contains("--date-granularity");
        assertThat(run("produce --rate nix " + csv(1), WRONG_USE)).contains("--rate");

        launcher = LauncherProcess.up(state.root(), output, PATIENCE);
    }

    @Test
    @Order(2)
    void withoutAJobOneIsSubmitted() throws Exception {
        String command = advised("status", 0);
        assertThat(command).isEqualTo("submit");

        run(command + " --date-granularity year --roll-interval 1s --roll-inactivity 1s", 0);

        publishAndVerify();
        await().atMost(PATIENCE)
                .until(
                        () ->
                                run("status", 0)
                                        .contains("Lake         %d rows".formatted(published)));
    }

    @Test
    @Order(3)
    void aStoppedJobGoesOn() throws Exception {
        run("flink stop --type canonical " + runningJob(), 0);
        publish();

        followStatus("submit --resume");
    }

    @Test
    @Order(4)
    void aCancelledJobGoesOn() throws Exception {
        run("flink cancel " + runningJob(), 0);
        publish();

        followStatus("submit --resume");
    }

    @Test
    @Order(5)
    void afterItsLauncherWasKilledTheStackIsStartedAgain() throws Exception {
        launcher.destroyForcibly().onExit().join();

        goOnAsAdvised("status");
    }

    @Test
    @Order(6)
    void aStoppedStackIsStartedAgain() throws Exception {
        launcher.destroy();
        launcher.onExit().join();

        goOnAsAdvised("verify");
    }

    @Test
    @Order(7)
    void aJobWhoseRecordsWereDeletedGoesOnWithoutThem() throws Exception {
        run("flink stop --type canonical " + runningJob(), 0);
        publish();
        deleteRecords();

        String refused = run("submit --resume", WRONG_USE);
        assertThat(refused).contains("3 records", "--on-data-loss skip");
        run("submit --resume --on-data-loss skip", 0);

        published -= 3;
        publish();
        await().atMost(PATIENCE).until(() -> run("status", 0).contains("Alive"));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(run("verify", FOUND_SOMETHING))
                                        .contains("3 lost")
                                        .doesNotContain("missing", "doubled"));
    }

    private void deleteRecords() throws Exception {
        String brokers = RunningStack.find(state).orElseThrow().bootstrapServers();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
            Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
            for (var partition :
                    admin.describeTopics(List.of(TOPIC))
                            .allTopicNames()
                            .get()
                            .get(TOPIC)
                            .partitions()) {
                all.put(
                        new TopicPartition(TOPIC, partition.partition()),
                        RecordsToDelete.beforeOffset(-1));
            }
            admin.deleteRecords(all).all().get();
        }
    }

    private void goOnAsAdvised(String command) throws Exception {
        assertThat(advised(command, WRONG_USE)).isEqualTo("up");
        launcher = LauncherProcess.up(state.root(), output, PATIENCE);
        publishAndVerify();
    }

    /** Runs what status recommends, and looks whether every record is a row, once. */
    private void followStatus(String expected) throws Exception {
        String command = advised("status", 0);
        assertThat(command).isEqualTo(expected);
        run(command, 0);
        verify();
    }

    private void publishAndVerify() throws Exception {
        publish();
        verify();
    }

    private void verify() {
        await().atMost(PATIENCE).until(() -> execute("verify") == CLEAN);
    }

    private void publish() throws IOException {
        published += 3;
        run("produce " + csv(published), 0);
    }

    /** Three rows that no other file of this test has. */
    private Path csv(int number) throws IOException {
        List<String> lines =
                new ArrayList<>(List.of("Index,Date,Open,High,Low,Close,Adj Close,Volume"));
        for (int day = 1; day <= 3; day++) {
            lines.add(
                    "HSI,%d-01-%02d,1.0,2.0,0.5,1.5,1.5,%d".formatted(1900 + number, day, number));
        }
        return Files.write(rows, lines);
    }

    private String runningJob() {
        Matcher job = JOB.matcher(run("status", 0));
        assertThat(job.find()).isTrue();
        return job.group();
    }

    /** The command that a message recommends. */
    private String advised(String command, int exitCode) {
        Matcher advice = COMMAND.matcher(run(command, exitCode));
        assertThat(advice.find()).as("advice in %s", said).isTrue();
        return advice.group(1);
    }

    private String run(String command, int exitCode) {
        assertThat(execute(command)).as("%s: %s", command, said).isEqualTo(exitCode);
        return said.toString(StandardCharsets.UTF_8);
    }

    private int execute(String command) {
        said.reset();
        return Main.execute(command.split(" "));
    }
}
