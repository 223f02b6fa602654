package io.quotelake.job.pause;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PausableSourceTest {

    private static final long RECORDS = 20_000;

    /** Some thousand records, and not a multiple of the records between two looks of the reader. */
    private static final long RECORDS_BEFORE_PAUSE = 3_456;

    private static final Queue<Long> READ = new ConcurrentLinkedQueue<>();

    private static final AtomicLong AMOUNT = new AtomicLong(1_000_000);

    private static volatile String reasonAfterSomeRecords;
    private static volatile boolean isFreeing;

    @RegisterExtension
    private static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(1)
                            .build());

    @Test
    void nothingIsReadDuringAPauseAndCheckpointsGoOn(@InjectMiniCluster MiniCluster cluster)
            throws Exception {
        READ.clear();
        reasonAfterSomeRecords = "the test wants a pause";
        isFreeing = true;

        JobClient job = start();
        await().atMost(Duration.ofMinutes(1)).until(() -> READ.size() > RECORDS_BEFORE_PAUSE);
        long begun = completedCheckpoints(cluster, job);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> completedCheckpoints(cluster, job) >= begun + 5);

        assertThat(READ.size()).isBetween((int) RECORDS_BEFORE_PAUSE, 5_000);
        reasonAfterSomeRecords = null;
        job.getJobExecutionResult().get();
        List<Long> all = LongStream.range(0, RECORDS).boxed().toList();
        assertThat(READ.stream().sorted().toList()).isEqualTo(all);
    }

    @Test
    void aPauseOverCheckpointsThatFreeNothingEndsTheAttemptWithItsSentence() throws Exception {
        READ.clear();
        reasonAfterSomeRecords = "the test wants a pause without an end";
        isFreeing = false;

        JobClient job = start();

        assertThatThrownBy(() -> job.getJobExecutionResult().get())
                .hasStackTraceContaining("paused over 3 completed checkpoints")
                .hasStackTraceContaining("the test wants a pause without an end");
    }

    private static JobClient start() throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment();
        environment.configure(
                new Configuration().set(RestartStrategyOptions.RESTART_STRATEGY, "disable"));
        environment.setParallelism(1);
        environment.enableCheckpointing(50);
        environment
                .fromSource(
                        new PausableSource<>(
                                new NumberSequenceSource(0, RECORDS - 1),
                                Types.LONG,
                                new TestsReason()),
                        WatermarkStrategy.noWatermarks(),
                        "numbers")
                .map(
                        number -> {
                            READ.add(number);
                            return number;
                        })
                .sinkTo(new DiscardingSink<>());
        return environment.executeAsync("pausable");
    }

    private static final class TestsReason implements PausableSource.Reason {

        private static final long serialVersionUID = 1L;

        @Override
        public String sentence() {
            return READ.size() < RECORDS_BEFORE_PAUSE ? null : reasonAfterSomeRecords;
        }

        @Override
        public long amount() {
            return isFreeing ? AMOUNT.decrementAndGet() : AMOUNT.get();
        }
    }

    private static long completedCheckpoints(MiniCluster cluster, JobClient job) throws Exception {
        return cluster.getExecutionGraph(job.getJobID())
                .get()
                .getCheckpointStatsSnapshot()
                .getCounts()
                .getNumberOfCompletedCheckpoints();
    }
}
