package io.quotelake.system.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.local.fault.Episode;
import io.quotelake.local.fault.Fault;
import io.quotelake.local.fault.Rig;
import io.quotelake.verifier.verify.Report;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two JobManagers with a ZooKeeper, and three TaskManagers, which die in turn: nobody submits the
 * job again, and each row is there once.
 */
class HighAvailabilityIT {
    private static final Duration KILL_EVERY = Duration.ofSeconds(30);

    /** How long the long forms are, in minutes. */
    private static final Duration LENGTH = Duration.ofMinutes(Long.getLong("quotelake.minutes", 3));

    @Test
    @Tag("jobs")
    void theOtherJobManagerGoesOnWithTheJob() throws Exception {
        try (Rig rig = started(1_000)) {
            Set<String> jobs = rig.stack().flink().rest().jobs().keySet();

            kill(rig, Fault.JOB_MANAGER_KILLED);
            kill(rig, Fault.TASK_MANAGER_KILLED);
            kill(rig, Fault.JOB_MANAGER_KILLED);

            assertDelivered(rig, jobs);
        }
    }

    @Test
    @Tag("faults")
    void jobManagersAndTaskManagersInTurn() throws Exception {
        try (Rig rig = started(1_000)) {
            Set<String> jobs = rig.stack().flink().rest().jobs().keySet();
            for (long end = end(); System.nanoTime() < end; ) {
                kill(rig, Fault.JOB_MANAGER_KILLED);
                kill(rig, Fault.TASK_MANAGER_KILLED);
            }
            assertDelivered(rig, jobs);
        }
    }

    @Test
    @Tag("faults")
    void oneTaskManagerEveryThirtySecondsUnderTwentyThousandRowsASecond() throws Exception {
        try (Rig rig = started(20_000)) {
            Set<String> jobs = rig.stack().flink().rest().jobs().keySet();
            for (long end = end(); System.nanoTime() < end; ) {
                long next = System.nanoTime() + KILL_EVERY.toNanos();
                kill(rig, Fault.TASK_MANAGER_KILLED);
                Rig.pause(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
            }
            assertDelivered(rig, jobs);
        }
    }

    /** Without one TaskManager there are still four slots. */
    private static Rig started(int rowsPerSecond) {
        Rig rig =
                TestRig.start(
                        Rig.MANY_SMALL_FILES,
                        options ->
                                options.jobManagers(2)
                                        .taskManagers(3)
                                        .flink("taskmanager.numberOfTaskSlots", "2")
                                        .flink("parallelism.default", "4"));
        rig.startFeed(rowsPerSecond);
        rig.awaitRowSince(Instant.EPOCH, Duration.ofMinutes(2));
        return rig;
    }

    private static long end() {
        return System.nanoTime() + LENGTH.toNanos();
    }

    private static void kill(Rig rig, Fault fault) throws IOException {
        TestRig.log(Episode.of(rig, EnumSet.of(fault)).toString());
    }

    private static void assertDelivered(Rig rig, Set<String> jobs) throws IOException {
        rig.stopFeed();
        Report report = rig.awaitDelivery(Duration.ofMinutes(3));
        report.lines().forEach(TestRig::log);
        assertThat(report.findings()).isEmpty();
        assertThat(report.isClean()).isTrue();
        assertThat(report.rows()).isPositive();
        assertThat(rig.stack().flink().rest().jobs().keySet()).isEqualTo(jobs);
        assertThat(rig.jobState()).isEqualTo("RUNNING");
        assertThat(rig.unexpectedDeaths()).isZero();
    }
}
