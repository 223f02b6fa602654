package io.quotelake.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.executiongraph.AccessExecutionJobVertex;
import org.apache.flink.runtime.jobgraph.JobResourceRequirements;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A job that Flink's adaptive scheduler gives other slots while it runs stays the same run. */
class RescaledJobTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @RegisterExtension
    private static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setConfiguration(adaptive())
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    private static Configuration adaptive() {
        return new Configuration()
                .set(JobManagerOptions.SCHEDULER, JobManagerOptions.SchedulerType.Adaptive)
                .set(JobManagerOptions.SCHEDULER_EXECUTING_COOLDOWN_AFTER_RESCALING, Duration.ZERO)
                .set(
                        JobManagerOptions.SCHEDULER_EXECUTING_RESOURCE_STABILIZATION_TIMEOUT,
                        Duration.ZERO)
                .set(JobManagerOptions.SCHEDULER_RESCALE_TRIGGER_MAX_DELAY, Duration.ofMillis(500));
    }

    @Test
    void everyRowIsThereOnceAndNothingIsRefused(@InjectMiniCluster MiniCluster cluster)
            throws Exception {
        TestLake lake = TestLake.create("rescaled").with("--roll-interval=200ms").slowly();
        JobClient job = OwnedTableTest.start(lake, 2, null);
        OwnedTableTest.awaitRows(lake, 500);

        for (int slots : List.of(1, 2, 1)) {
            rescale(cluster, job, slots);
            OwnedTableTest.awaitRows(lake, lake.rows().size() + 500);
        }

        job.getJobExecutionResult().get();
        assertThat(lake.rows()).hasSize(OwnedTableTest.RECORDS);
    }

    private static void rescale(MiniCluster cluster, JobClient job, int slots) throws Exception {
        JobResourceRequirements.Builder requirements = JobResourceRequirements.newBuilder();
        for (AccessExecutionJobVertex vertex : vertices(cluster, job)) {
            requirements.setParallelismForJobVertex(vertex.getJobVertexId(), 1, slots);
        }
        cluster.updateJobResourceRequirements(job.getJobID(), requirements.build()).get();
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(
                        () -> {
                            for (AccessExecutionJobVertex vertex : vertices(cluster, job)) {
                                if (vertex.getParallelism() != slots) {
                                    return false;
                                }
                            }
                            return true;
                        });
    }

    private static Iterable<? extends AccessExecutionJobVertex> vertices(
            MiniCluster cluster, JobClient job) throws Exception {
        return cluster.getExecutionGraph(job.getJobID()).get().getVerticesTopologically();
    }
}
