package io.quotelake.system.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.local.fault.Episode;
import io.quotelake.local.fault.Fault;
import io.quotelake.local.fault.Rig;
import io.quotelake.verifier.verify.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A TaskManager killed again and again, and one that wakes up too late ({@code -Pfaults}). */
@Tag("faults")
class TaskManagerIT {
    private static final int KILLS = 20;

    /** More than a checkpoint takes to come, to be taken and to be published. */
    private static final int MAX_MILLIS_TO_KILL = 6_000;

    @Test
    void twentyKillsAtAnyMomentLoseAndDoubleNothing() throws Exception {
        SplittableRandom random = new SplittableRandom(TestRig.SEED);
        try (Rig rig = TestRig.start(Rig.MANY_SMALL_FILES)) {
            rig.startFeed(1_000);
            for (int i = 0; i < KILLS; i++) {
                rig.awaitRowSince(Instant.now(), Duration.ofMinutes(2));
                Rig.pause(Duration.ofMillis(random.nextInt(MAX_MILLIS_TO_KILL)));
                TestRig.log(Episode.of(rig, EnumSet.of(Fault.TASK_MANAGER_KILLED)).toString());
            }
            assertDelivered(rig);
        }
    }

    @Test
    void oneThatWakesUpAmidUploadsThatAnotherHasResumedSpoilsNothing() throws Exception {
        try (Rig rig = TestRig.start(TestRig.LARGE_FILES)) {
            rig.startFeed(10_000, TestRig.ONE_YEAR);
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> rig.stack().s3().requests().containsKey("UploadPart"));

            Episode episode = Episode.of(rig, EnumSet.of(Fault.TASK_MANAGER_STOPPED));

            TestRig.log("large files, " + episode);
            assertDelivered(rig);
        }
    }

    private static void assertDelivered(Rig rig) {
        rig.stopFeed();
        Report report = rig.awaitDelivery(Duration.ofMinutes(5));
        TestRig.log("%,d rows".formatted(report.rows()));
        assertThat(report.findings()).isEmpty();
        assertThat(report.isClean()).isTrue();
    }
}
