package io.quotelake.system.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quotelake.flink.FlinkRest;
import io.quotelake.local.fault.Rig;
import io.quotelake.local.job.JobStatus;
import io.quotelake.local.s3.S3Fault;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A job that fails again and again leaves nothing behind in the TaskManager's process ({@code
 * -Pfaults}): {@code -Dquotelake.endings=50} for more restarts of each kind.
 */
@Tag("faults")
class ManyRestartsIT {
    private static final int TIMES = Integer.getInteger("quotelake.endings", 20);
    private static final int ROWS_PER_SECOND = 200;
    private static final Duration SOON = Duration.ofMinutes(8);

    /** Pools of threads and connections are as large as they get once some restarts are over. */
    private static final int WARM_UP = 5;

    private static Rig rig;
    private static long process;
    private static Holdings before;

    /** What makes each attempt of the job fail, until it ends. */
    enum Trouble {
        S3_REFUSES {
            @Override
            void begin() {
                rig.addS3Fault(S3Fault.KEY_REVOKED, 1);
            }

            @Override
            void end() {
                rig.removeS3Fault(S3Fault.KEY_REVOKED);
            }
        },
        CHECKPOINTS_FAIL {
            @Override
            void begin() throws IOException {
                rig.blockCheckpoints();
            }

            @Override
            void end() throws IOException {
                rig.unblockCheckpoints();
            }
        },
        NO_LETTER_FITS {
            @Override
            void begin() throws IOException {
                rig.refuseDeadLetters();
                // Only an attempt that starts asks for the topic's limit.
                rig.blockCheckpoints();
                awaitRestarts(restarts() + 1);
                rig.unblockCheckpoints();
            }

            @Override
            void end() {
                rig.unlimitDeadLetters();
            }
        };

        abstract void begin() throws IOException;

        abstract void end() throws IOException;
    }

    @BeforeAll
    static void start() throws Exception {
        rig =
                TestRig.start(
                        Rig.MANY_SMALL_FILES,
                        Map.of(
                                "restart-strategy.type", "fixed-delay",
                                "restart-strategy.fixed-delay.attempts", "100000",
                                "restart-strategy.fixed-delay.delay", "100ms",
                                "execution.checkpointing.tolerable-failed-checkpoints", "0"));
        process = rig.taskManagerPid();
        for (Trouble trouble : Trouble.values()) {
            failAndHeal(trouble, WARM_UP);
        }
        before = Holdings.of(rig);
        TestRig.log("after %d restarts of each kind: %s".formatted(WARM_UP, before));
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static void failAndHeal(Trouble trouble, int times) throws Exception {
        rig.startFeed(ROWS_PER_SECOND);
        rig.awaitRowSince(Instant.now(), Duration.ofMinutes(2));
        long restarts = restarts();
        trouble.begin();
        awaitRestarts(restarts + times);
        trouble.end();
        rig.awaitRowSince(Instant.now(), Duration.ofMinutes(2));
        rig.stopFeed();
        assertThat(rig.awaitDelivery(Duration.ofMinutes(2)).findings()).isEmpty();
        assertThat(rig.awaitRest(Duration.ofMinutes(1))).isEmpty();
    }

    private static void awaitRestarts(long atLeast) {
        await().atMost(SOON).ignoreExceptions().until(() -> restarts() >= atLeast);
    }

    private static long restarts() throws IOException {
        FlinkRest rest = rig.stack().flink().rest();
        return JobStatus.of(rest, rest.unendedJobs().get(0)).restarts();
    }

    @ParameterizedTest
    @EnumSource
    void restartsLeaveNothingBehind(Trouble trouble) throws Exception {
        failAndHeal(trouble, TIMES);

        Holdings after = Holdings.of(rig);
        TestRig.log("after %d more restarts, %s: %s".formatted(TIMES, trouble, after));
        assertThat(rig.taskManagerPid()).isEqualTo(process);
        assertThat(after.classLoaders()).isLessThanOrEqualTo(before.classLoaders() + 1);
        assertThat(after.threads()).isLessThan(before.threads() + WARM_UP);
        assertThat(after.descriptors()).isLessThan(before.descriptors() + WARM_UP);
        assertThat(after.metaspaceKib()).isLessThan(before.metaspaceKib() * 5 / 4);
    }
}
