package io.quotelake.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quotelake.job.task.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ExceptionUtils;

/**
 * The whole job from a Kafka topic into a table of files, which are published with every
 * checkpoint. A failure restarts it for ever; only a refusal ends it.
 */
final class KafkaJob {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofMillis(200);

    private final TestLake lake;
    private final JobClient job;

    private KafkaJob(TestLake lake, JobClient job) {
        this.lake = lake;
        this.job = job;
    }

    /**
     * Starts the job, as a starter that reads no state would.
     *
     * @param savepoint where to resume; null to start anew
     */
    static KafkaJob start(
            TestBroker broker, String topic, TestLake lake, String savepoint, String... options)
            throws Exception {
        StreamExecutionEnvironment environment = environment(savepoint);
        JobOptions job = options(broker, topic, lake, options);
        KafkaCheck kafka = KafkaCheck.run(job);
        StockMarketJob.configure(environment, job);
        StockMarketJob.define(
                environment,
                job,
                kafka,
                StockMarketJob.pausable(StockMarketJob.source(job, kafka.topic())));
        return new KafkaJob(lake, environment.executeAsync(topic));
    }

    static JobOptions options(TestBroker broker, String topic, TestLake lake, String... options) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--bootstrap-servers=" + broker.address(),
                                "--topic=" + topic,
                                "--output=" + lake.table(),
                                "--roll-interval=100ms",
                                "--kafka-property=topic.check.interval.ms=1000"));
        arguments.addAll(List.of(options));
        return JobOptions.parse(variable -> null, arguments.toArray(new String[0]));
    }

    static StreamExecutionEnvironment environment(String savepoint) {
        Configuration configuration = new Configuration();
        configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
        configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, "lake:///checkpoints");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(50));
        if (savepoint != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        environment.setParallelism(1);
        environment.enableCheckpointing(
                CHECKPOINT_INTERVAL.toMillis(), CheckpointingMode.EXACTLY_ONCE);
        return environment;
    }

    /** A job that was defined elsewhere. */
    static KafkaJob of(TestLake lake, JobClient job) {
        return new KafkaJob(lake, job);
    }

    JobClient client() {
        return job;
    }

    /** The volumes of the rows in the table, which are the numbers of their records. */
    static List<Integer> volumes(TestLake lake) throws IOException {
        List<Integer> volumes = new ArrayList<>();
        for (List<String> lines : lake.lines().values()) {
            for (String line : lines) {
                volumes.add(JSON.readTree(line).get("volume").intValue());
            }
        }
        return volumes.stream().sorted().toList();
    }

    KafkaJob awaitRows(int count) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(volumes(lake)).hasSizeGreaterThanOrEqualTo(count));
        return this;
    }

    /** Waits until all tasks run and a checkpoint after this moment can be taken. */
    KafkaJob awaitRunning() {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(
                        () ->
                                !job.triggerSavepoint(
                                                "lake:///savepoints", SavepointFormatType.CANONICAL)
                                        .get()
                                        .isEmpty());
        return this;
    }

    String savepoint() throws Exception {
        return job.triggerSavepoint("lake:///savepoints", SavepointFormatType.CANONICAL).get();
    }

    String stop() throws Exception {
        return job.stopWithSavepoint(false, "lake:///savepoints", SavepointFormatType.CANONICAL)
                .get();
    }

    void cancel() throws Exception {
        job.cancel().get();
        catchThrowable(() -> job.getJobExecutionResult().get());
    }

    void awaitEnd() throws Exception {
        job.getJobExecutionResult().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** The sentence with which the job ends. */
    String awaitRefusal() {
        Throwable failure =
                catchThrowable(
                        () ->
                                job.getJobExecutionResult()
                                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        return ExceptionUtils.findSerializedThrowable(
                        failure, Refusal.class, Refusal.class.getClassLoader())
                .orElseThrow(() -> new AssertionError("no refusal", failure))
                .getMessage();
    }
}
