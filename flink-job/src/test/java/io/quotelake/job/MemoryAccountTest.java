package io.quotelake.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quotelake.job.quote.RandomQuotes;
import io.quotelake.s3.PartFileMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever ends a task of the real graph, nothing of it stays on the memory account of the process,
 * which all tests here share. More often than in the ordinary build with {@code
 * -Dquotelake.endings=50}.
 */
class MemoryAccountTest {

    private static final int TIMES = Integer.getInteger("quotelake.endings", 3);
    private static final Duration SOON = Duration.ofMinutes(3);

    @RegisterExtension
    private static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setConfiguration(restartingAllTasks())
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    /** As flink-conf has it, which says why. */
    private static Configuration restartingAllTasks() {
        Configuration configuration = new Configuration();
        configuration.set(JobManagerOptions.EXECUTION_FAILOVER_STRATEGY, "full");
        return configuration;
    }

    private static MemoryS3 s3;

    private static JobClient running;

    private static int tables;

    @TempDir private Path savepoints;

    @BeforeAll
    static void start() throws Exception {
        System.setProperty("aws.accessKeyId", "of-this-test");
        System.setProperty("aws.secretAccessKey", "of-this-test");
        s3 = new MemoryS3();
    }

    @AfterAll
    static void stop() {
        s3.close();
    }

    @AfterEach
    void endTheJob() throws Exception {
        if (!running.getJobStatus().get().isGloballyTerminalState()) {
            running.cancel().get(60, TimeUnit.SECONDS);
        }
        nothingCounts();
    }

    private static void nothingCounts() {
        Trouble.place = Trouble.Place.NOWHERE;
        s3.refuse(false);

        await().atMost(SOON)
                .untilAsserted(
                        () -> {
                            assertThat(PartFileMemory.PROCESS.heldBytes()).isZero();
                            assertThat(PartFileMemory.PROCESS.openFiles()).isZero();
                        });
    }

    /** Files of all kinds: small ones, and those of one year that become multipart uploads. */
    private static byte[] quote(long number) {
        RandomQuotes quotes = new RandomQuotes(number);
        return quotes.json(quotes.ordinaryValues(), RandomQuotes.Spelling.MIXED);
    }

    private static JobClient run(boolean restarting, String savepoint) throws Exception {
        return run(restarting, savepoint, "1h");
    }

    private static JobClient run(boolean restarting, String savepoint, String rollInterval)
            throws Exception {
        Trouble.CHECKPOINTS.set(0);
        tables += savepoint == null ? 1 : 0;
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment();
        TestLake lake =
                TestLake.create("account")
                        .with(
                                "--s3-endpoint=" + s3.endpoint(),
                                "--s3-path-style",
                                "--date-granularity=year",
                                "--roll-interval=" + rollInterval,
                                "--commit-concurrency=4")
                        .withTable("s3://lake/account-" + tables)
                        .slowly();
        if (restarting) {
            lake.restarting();
        }
        environment.setParallelism(2);
        lake.defineWithTrouble(environment, 10_000_000, MemoryAccountTest::quote);
        Configuration configuration = new Configuration();
        if (savepoint != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        if (restarting) {
            configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1_000);
        }
        environment.configure(configuration);
        running = environment.executeAsync("account");
        return running;
    }

    private static void awaitMemoryInUse() {
        await().atMost(SOON)
                .until(
                        () ->
                                Trouble.CHECKPOINTS.get() >= 4
                                        && PartFileMemory.PROCESS.openFiles() > 0
                                        && PartFileMemory.PROCESS.heldBytes() > 0);
    }

    private static void awaitEnd(JobClient job, JobStatus expected) {
        await().atMost(SOON).until(() -> job.getJobStatus().get() == expected);
    }

    @RepeatedTest(3)
    void afterACancel() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            JobClient job = run(false, null);
            awaitMemoryInUse();

            job.cancel().get(60, TimeUnit.SECONDS);

            awaitEnd(job, JobStatus.CANCELED);
            nothingCounts();
        }
    }

    static Stream<Arguments> afterAFailure() {
        return Stream.of(Trouble.Place.values())
                .filter(place -> place != Trouble.Place.NOWHERE)
                .filter(place -> place != Trouble.Place.FINISH)
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource
    void afterAFailure(Trouble.Place place) throws Exception {
        for (int i = 0; i < TIMES; i++) {
            Trouble.place = place;

            JobClient job = run(false, null);

            awaitEnd(job, JobStatus.FAILED);
            assertThatThrownBy(() -> job.getJobExecutionResult().get())
                    .hasStackTraceContaining("the failure of this test: " + place);
            nothingCounts();
        }
    }

    @ParameterizedTest
    @MethodSource("afterAFailure")
    void afterManyRestartsOfWhichEachFails(Trouble.Place place) throws Exception {
        JobClient job = run(true, null);
        awaitMemoryInUse();

        // What fails at its start only does so once another failure has restarted it.
        failAt(Trouble.Place.RECORD, 1);
        failAt(place, TIMES);
        Trouble.place = Trouble.Place.NOWHERE;
        Trouble.CHECKPOINTS.set(0);
        awaitMemoryInUse();
        job.cancel().get(60, TimeUnit.SECONDS);

        awaitEnd(job, JobStatus.CANCELED);
    }

    @Test
    void afterFailuresOfOneTaskThatRestartBoth() throws Exception {
        JobClient job = run(true, null);
        awaitMemoryInUse();
        Trouble.RESTARTED.clear();

        failAt(Trouble.Place.RECORD_OF_ONE_TASK, TIMES);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(Trouble.RESTARTED).containsExactlyInAnyOrder(0, 1));
        Trouble.place = Trouble.Place.NOWHERE;
        Trouble.CHECKPOINTS.set(0);
        awaitMemoryInUse();
        job.cancel().get(60, TimeUnit.SECONDS);
        awaitEnd(job, JobStatus.CANCELED);
    }

    private static void failAt(Trouble.Place place, int times) {
        int failures = Trouble.FAILURES.get();
        Trouble.place = place;
        await().atMost(SOON).until(() -> Trouble.FAILURES.get() >= failures + times);
    }

    @RepeatedTest(2)
    void afterASavepointAndARestoreThatS3Refuses() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            JobClient job = run(false, null);
            awaitMemoryInUse();
            String savepoint =
                    job.stopWithSavepoint(
                                    false,
                                    savepoints.toUri().toString(),
                                    SavepointFormatType.NATIVE)
                            .get(60, TimeUnit.SECONDS);
            awaitEnd(job, JobStatus.FINISHED);
            nothingCounts();

            s3.refuse(true);
            JobClient refused = run(false, savepoint);
            awaitEnd(refused, JobStatus.FAILED);
            nothingCounts();
            JobClient resumed = run(false, savepoint);
            awaitMemoryInUse();
            resumed.cancel().get(60, TimeUnit.SECONDS);
            awaitEnd(resumed, JobStatus.CANCELED);
            nothingCounts();
        }
    }

    @RepeatedTest(2)
    void afterADrain() throws Exception {
        JobClient job = run(false, null);
        awaitMemoryInUse();

        job.stopWithSavepoint(true, savepoints.toUri().toString(), SavepointFormatType.NATIVE)
                .get(60, TimeUnit.SECONDS);

        awaitEnd(job, JobStatus.FINISHED);
        assertThat(s3.objects()).isPositive();
    }

    @Test
    void afterDrainsThatFailAtTheirEnd() throws Exception {
        JobClient job = run(true, null);
        for (int i = 0; i < TIMES; i++) {
            awaitMemoryInUse();
            Trouble.place = Trouble.Place.FINISH;

            assertThatThrownBy(
                            () ->
                                    job.stopWithSavepoint(
                                                    true,
                                                    savepoints.toUri().toString(),
                                                    SavepointFormatType.NATIVE)
                                            .get(60, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class);

            Trouble.place = Trouble.Place.NOWHERE;
            Trouble.CHECKPOINTS.set(0);
        }
        awaitMemoryInUse();
        job.cancel().get(60, TimeUnit.SECONDS);
        awaitEnd(job, JobStatus.CANCELED);
    }

    @RepeatedTest(2)
    void whileS3RefusesAndAfterItTakesFilesAgain() throws Exception {
        JobClient job = run(true, null, "1s");
        awaitMemoryInUse();

        int refused = s3.refused();
        s3.refuse(true);
        await().atMost(SOON).until(() -> s3.refused() >= refused + 10 * TIMES);
        s3.refuse(false);
        Trouble.CHECKPOINTS.set(0);
        awaitMemoryInUse();
        job.cancel().get(60, TimeUnit.SECONDS);

        awaitEnd(job, JobStatus.CANCELED);
    }
}
