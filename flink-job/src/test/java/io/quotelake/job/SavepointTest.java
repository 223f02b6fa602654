package io.quotelake.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quotelake.job.lake.CheckpointedFileSystem;
import io.quotelake.job.lake.Compression;
import io.quotelake.job.quote.HostileRecords;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Stop with a savepoint and resume from it: in another size, and in a later version. */
class SavepointTest {

    private static final int RECORDS = 20_000;

    private static final int KEPT_RECORDS = 6_000;

    /**
     * A savepoint of version 0.1.0, taken while files were open. Made anew with {@code mvn -pl
     * flink-job test -Dtest=SavepointTest -Dquotelake.savepoint.make=true}: only where the state's
     * meaning changes for good, as savepoints of older versions are then of no use to anyone.
     */
    private static final Path KEPT = Path.of("src", "test", "resources", "savepoint-0.1.0");

    @RegisterExtension
    private static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    private static TestLake lake(String name) throws IOException {
        return TestLake.create(name).with("--roll-interval=1h").slowly();
    }

    private static JobClient start(TestLake lake, long records, int parallelism, String savepoint)
            throws Exception {
        Configuration configuration = new Configuration();
        // Savepoints of file system storage name their files relatively: they can be moved.
        configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
        configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, "lake:///checkpoints");
        if (savepoint != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        environment.setParallelism(parallelism);
        lake.define(environment, records, HostileRecords::value);
        return environment.executeAsync("savepoints");
    }

    private static String stop(JobClient job, TestLake lake, int deadLettersBefore)
            throws Exception {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> lake.deadLetters().size() > deadLettersBefore);
        return job.stopWithSavepoint(false, "lake:///savepoints", SavepointFormatType.CANONICAL)
                .get();
    }

    private static void assertComplete(TestLake lake, int records) throws IOException {
        assertThat(lake.rows().size() + lake.deadLetters().size()).isEqualTo(records);
        assertThat(lake.strayFiles(Compression.NONE)).isEmpty();
    }

    @Test
    void aJobThatIsRescaledThroughSavepointsWritesEveryRecordOnce() throws Exception {
        TestLake lake = lake("rescaled");

        String first = stop(start(lake, RECORDS, 2, null), lake, 0);
        int lettersOfFirst = lake.deadLetters().size();
        String second = stop(start(lake, RECORDS, 1, first), lake, lettersOfFirst);
        int lettersOfSecond = lake.deadLetters().size();
        start(lake, RECORDS, 2, second).getJobExecutionResult().get();

        assertThat(lettersOfFirst).isPositive();
        assertThat(lettersOfSecond).isGreaterThan(lettersOfFirst);
        assertThat(lake.deadLetters().size()).isGreaterThan(lettersOfSecond);
        assertComplete(lake, RECORDS);
    }

    @Test
    void theSavepointOfVersion010IsStillRead() throws Exception {
        TestLake lake = lake("kept-savepoint");
        if (Boolean.getBoolean("quotelake.savepoint.make")) {
            keep(stop(start(lake, KEPT_RECORDS, 1, null), lake, 500), lake);
        }
        TestLake restored = lake("kept-savepoint");
        copy(KEPT.resolve("published"), restored.root());

        start(restored, KEPT_RECORDS, 2, KEPT.toAbsolutePath().toUri().toString())
                .getJobExecutionResult()
                .get();

        assertComplete(restored, KEPT_RECORDS);
    }

    private static void keep(String savepoint, TestLake lake) throws IOException {
        FileUtils.deleteDirectory(KEPT.toFile());
        Path folder = CheckpointedFileSystem.locate(savepoint);
        copy(folder, KEPT);
        FileUtils.deleteDirectory(folder.toFile());
        copy(lake.root(), KEPT.resolve("published"));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(
                from,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Path target = to.resolve(from.relativize(file).toString());
                        Files.createDirectories(target.getParent());
                        Files.copy(file, target);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
