package io.quotelake.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quotelake.job.lake.Compression;
import io.quotelake.job.quote.RandomQuotes;
import io.quotelake.job.quote.RandomQuotes.Spelling;
import io.quotelake.job.task.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One job writes a table, and never backwards: with Flink's own checkpoints and savepoints. */
class OwnedTableTest {

    static final int RECORDS = 15_000;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @RegisterExtension
    private static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    private static byte[] quote(long number) {
        RandomQuotes quotes = new RandomQuotes(number);
        return quotes.json(quotes.ordinaryValues(), Spelling.MIXED);
    }

    /** Its files are published a few hundred milliseconds after their rows were read. */
    private static TestLake lake(String name, String... options) throws IOException {
        return TestLake.existing(name).with("--roll-interval=200ms").with(options).slowly();
    }

    static JobClient start(TestLake lake, int parallelism, String savepoint) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
        configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, "lake:///checkpoints");
        if (savepoint != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        environment.setParallelism(parallelism);
        lake.define(environment, RECORDS, OwnedTableTest::quote);
        return environment.executeAsync("owned table");
    }

    static void awaitRows(TestLake lake, int count) {
        await().atMost(PATIENCE).until(() -> lake.rows().size() >= count);
    }

    private static String stop(JobClient job) throws Exception {
        return job.stopWithSavepoint(false, "lake:///savepoints", SavepointFormatType.CANONICAL)
                .get();
    }

    private static void finish(TestLake lake, int parallelism, String savepoint) throws Exception {
        start(lake, parallelism, savepoint).getJobExecutionResult().get();
    }

    private static void assertRefused(
            TestLake lake, int parallelism, String savepoint, String... words) {
        assertThatThrownBy(() -> finish(lake, parallelism, savepoint))
                .rootCause()
                .isInstanceOf(Refusal.class)
                .message()
                .contains(words);
    }

    @Test
    void aFileKeepsItsCodecWhateverTheJobIsResumedWith() throws Exception {
        TestLake.create("codecs");
        String savepoint = null;
        int rows = 0;
        List<Compression> everyPair =
                List.of(
                        Compression.NONE,
                        Compression.GZIP,
                        Compression.ZSTD,
                        Compression.NONE,
                        Compression.ZSTD,
                        Compression.GZIP);
        for (int i = 0; i < everyPair.size(); i++) {
            TestLake lake = lake("codecs", "--compression=" + everyPair.get(i));
            JobClient job = start(lake, 1 + i % 2, savepoint);
            awaitRows(lake, rows + 200);
            savepoint = stop(job);
            rows = lake.rows().size();
        }
        TestLake lake = lake("codecs", "--compression=none");
        finish(lake, 2, savepoint);

        assertThat(lake.rows()).hasSize(RECORDS);
    }

    @Test
    void whatASavepointFixesIsRefusedByName() throws Exception {
        TestLake lake = TestLake.create("fixed").with("--roll-interval=200ms").slowly();
        JobClient job = start(lake, 2, null);
        awaitRows(lake, 500);
        String savepoint = stop(job);
        TestLake.create("fixed-elsewhere");

        assertRefused(
                lake("fixed", "--date-granularity=month"),
                1,
                savepoint,
                "--date-granularity month is not that of lake:///fixed/table",
                "Resume with --date-granularity day");
        assertRefused(
                lake("fixed-elsewhere"),
                1,
                savepoint,
                "--output lake:///fixed-elsewhere/table is not the table of the state to resume",
                "Resume with --output lake:/");
        assertThat(TestLake.existing("fixed-elsewhere").root()).doesNotExist();

        finish(lake("fixed"), 1, savepoint);
        assertThat(lake.rows()).hasSize(RECORDS);
    }

    @Test
    void onlyTheNewestStateGoesOn() throws Exception {
        TestLake lake = TestLake.create("newest").with("--roll-interval=200ms").slowly();
        JobClient job = start(lake, 2, null);
        awaitRows(lake, 500);
        String older =
                job.triggerSavepoint("lake:///savepoints", SavepointFormatType.CANONICAL).get();
        awaitRows(lake, lake.rows().size() + 1_000);
        String newest = stop(job);

        assertRefused(lake("newest"), 2, older, "is not the newest of lake:///newest/table");
        assertRefused(lake("newest"), 2, null, "begins without a checkpoint or savepoint");

        finish(lake("newest"), 2, newest);
        assertThat(lake.rows()).hasSize(RECORDS);
    }

    @Test
    void ofTwoJobsFromOneSavepointOneGoesOn() throws Exception {
        TestLake lake = TestLake.create("two-jobs").with("--roll-interval=200ms").slowly();
        JobClient before = start(lake, 1, null);
        awaitRows(lake, 500);
        String savepoint = stop(before);

        List<JobClient> both = new ArrayList<>();
        both.add(start(lake("two-jobs"), 1, savepoint));
        both.add(start(lake("two-jobs"), 1, savepoint));

        Map<JobStatus, String> ends = new HashMap<>();
        for (JobClient job : both) {
            CompletableFuture<?> result = job.getJobExecutionResult();
            try {
                result.get();
                ends.put(JobStatus.FINISHED, "");
            } catch (ExecutionException e) {
                ends.put(JobStatus.FAILED, rootCause(e).getMessage());
            }
        }
        assertThat(ends).containsOnlyKeys(JobStatus.FINISHED, JobStatus.FAILED);
        assertThat(ends.get(JobStatus.FAILED)).contains("lake:///two-jobs/table", "run ");
        assertThat(lake.rows()).hasSize(RECORDS);
    }

    private static Throwable rootCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    @Test
    void filesThatWereMovedAwayWhileTheJobWasStoppedDoNotComeBack() throws Exception {
        TestLake lake = TestLake.create("moved").with("--roll-interval=200ms").slowly();
        JobClient job = start(lake, 2, null);
        awaitRows(lake, 500);
        String savepoint = stop(job);
        int rows = lake.rows().size();
        Path archive = lake.root().resolveSibling("moved-away");
        org.apache.flink.util.FileUtils.deleteDirectory(archive.toFile());
        Files.move(lake.root().resolve("table"), archive);

        finish(lake("moved"), 1, savepoint);

        assertThat(lake.rows()).hasSize(RECORDS - rows);
    }

    @Test
    void appendWritesBesideWhatIsThere() throws Exception {
        TestLake lake = TestLake.create("append");
        finish(lake, 2, null);

        TestLake further = TestLake.existing("append").with("--append");
        finish(further, 2, null);

        assertThat(further.lines().values().stream().mapToInt(List::size).sum())
                .isEqualTo(2 * RECORDS);
        assertRefused(TestLake.existing("append"), 2, null, "--append");
    }
}
