package io.quotelake.system.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quotelake.local.sql.LocalLake;
import io.quotelake.local.sql.ResultWriter;
import io.quotelake.local.sql.SqlStatement;
import io.quotelake.local.sql.TableDefinition;
import io.quotelake.local.stack.Installation;
import io.quotelake.local.stack.JobManager;
import io.quotelake.local.stack.Service;
import io.quotelake.system.launcher.DashboardProcess;
import io.quotelake.system.sql.TestLake;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The dashboard beside a stack that loses one part after another ({@code -Pjobs}). */
@Tag("jobs")
class DashboardIT {
    private static final String TOPIC = "watched";
    private static final long ROWS_OF_2019 = 3291;
    private static final Duration SOON = Duration.ofSeconds(10);

    private static TestLake lake;
    private static DashboardProcess dashboard;

    @BeforeAll
    static void start() throws Exception {
        lake = TestLake.start("dashboard");
        lake.publish(TOPIC, "--from", "2019-01-01", "--to", "2019-12-31");
        lake.submit(TOPIC, "--date-granularity", "year");
        dashboard =
                DashboardProcess.start(
                        "dashboard",
                        lake.stack().state(),
                        "--lake",
                        lake.table(TOPIC).toString(),
                        "--topic",
                        TOPIC,
                        "--bootstrap-servers",
                        lake.stack().broker().bootstrapServers(),
                        "--flink",
                        lake.stack().flink().rest().address().toString());
        await().atMost(Duration.ofMinutes(2)).until(DashboardIT::isWell);
        await().atMost(Duration.ofMinutes(2))
                .until(
                        () -> dashboard.state().at("/lake/quotes").asLong(),
                        rows -> rows == ROWS_OF_2019);
    }

    @AfterAll
    static void stop() {
        if (dashboard != null) {
            dashboard.close();
        }
        if (lake != null) {
            lake.close();
        }
    }

    @Test
    void saysWithinTenSecondsWhatIsGoneAndThatItIsBack() throws Exception {
        whileAside(lake.table(TOPIC));
        // S3 answers the job with 404 meanwhile.
        whileAside(lake.table(TOPIC).getParent());
        killBroker();
        killJobManager();
    }

    @Test
    void countsWhatTheQueryCounts() throws Exception {
        Path query = Installation.current().home().resolve("aws/sql/count.sql");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
                LocalLake local =
                        LocalLake.open(
                                lake.table(TOPIC),
                                TableDefinition.of(Installation.current()),
                                lake.stack().state().temporary())) {
            ResultWriter writer = new ResultWriter(ResultWriter.Format.CSV, out);
            for (SqlStatement statement : SqlStatement.allOf(Files.readString(query))) {
                local.run(statement, writer);
            }
        }
        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("quotes", dashboard.state().at("/lake/quotes").asText());
    }

    private static void killBroker() {
        Service broker = lake.stack().broker();
        broker.process().kill();
        awaitSoon(problem("kafka", "Kafka does not answer at "));
        broker.start();
        awaitSoon(state -> state.at("/kafka/problem").isNull());
        await().atMost(Duration.ofMinutes(2)).until(DashboardIT::isWell);
    }

    private static void killJobManager() {
        JobManager jobManager = lake.stack().flink().jobManagers().get(0);
        jobManager.process().kill();
        awaitSoon(problem("flink", "Flink does not answer at "));
        jobManager.start();
        // Nothing else remembers the job here: that it is gone is said, too.
        awaitSoon(
                state -> state.at("/flink/problem").isNull() && says(state, "No job has run yet"));
    }

    private static void whileAside(Path folder) throws Exception {
        long rows = dashboard.state().at("/lake/quotes").asLong();
        assertThat(rows).isPositive();
        Path aside = lake.stack().state().root().resolve("aside");
        Files.move(folder, aside);
        awaitSoon(problem("lake", "There is no folder "));
        Files.move(aside, folder);
        awaitSoon(
                state ->
                        state.at("/lake/problem").isNull()
                                && state.at("/lake/quotes").asLong() == rows);
    }

    private static Predicate<JsonNode> problem(String part, String begin) {
        return state -> {
            String problem = state.at("/" + part + "/problem").asText();
            return problem.startsWith(begin)
                    && state.at("/verdict/level").asText().equals("BAD")
                    && says(state, problem);
        };
    }

    private static boolean says(JsonNode state, String sentence) {
        for (JsonNode finding : state.at("/verdict/findings")) {
            if (finding.path("text").asText().equals(sentence)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isWell() throws Exception {
        JsonNode state = dashboard.state();
        return state.at("/kafka/problem").isNull()
                && state.at("/lake/quotes").asLong() > 0
                && isRunning(state);
    }

    private static boolean isRunning(JsonNode state) {
        return state.at("/flink/cluster/jobs/0/state").asText().equals("RUNNING")
                && state.at("/flink/cluster/jobs/0/checkpoint/id").asLong() > 0;
    }

    private static void awaitSoon(Predicate<JsonNode> condition) {
        long begin = System.nanoTime();
        JsonNode state = await().atMost(SOON).until(dashboard::state, condition);
        System.out.printf(
                "after %.1f s: %s%n",
                (System.nanoTime() - begin) / 1e9, state.at("/verdict/text").asText());
    }
}
