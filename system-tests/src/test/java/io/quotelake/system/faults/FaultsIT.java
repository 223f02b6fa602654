package io.quotelake.system.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.local.fault.Episode;
import io.quotelake.local.fault.Fault;
import io.quotelake.local.fault.Rig;
import io.quotelake.local.s3.S3Fault;
import io.quotelake.verifier.verify.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The short form of the fault suite: a handful of faults, and exactly once all the same. */
@Tag("jobs")
class FaultsIT {

    @Test
    void rowsFlowAgainAfterEachFaultAndEachRecordIsThereExactlyOnce() throws Exception {
        List<Set<Fault>> faults =
                List.of(
                        EnumSet.of(Fault.S3_SLOW_DOWN_10, Fault.S3_LOST_ANSWER, Fault.S3_CUT),
                        EnumSet.of(Fault.TASK_MANAGER_KILLED),
                        EnumSet.of(Fault.BROKER_KILLED, Fault.POISON));
        try (Rig rig = TestRig.start(Rig.MANY_SMALL_FILES)) {
            rig.startFeed(500);
            rig.awaitRowSince(Instant.EPOCH, Duration.ofMinutes(2));
            for (Set<Fault> together : faults) {
                TestRig.log(Episode.of(rig, together).toString());
            }
            rig.stopFeed();

            Report report = rig.awaitDelivery(Duration.ofMinutes(2));

            report.lines().forEach(TestRig::log);
            assertThat(report.findings()).isEmpty();
            assertThat(report.isClean()).isTrue();
            assertThat(report.rows()).isPositive();
            assertThat(report.deadLetters()).isBetween(800L, 1_200L);
            assertThat(rig.s3FaultsMet())
                    .allSatisfy(
                            (fault, met) -> {
                                if (Set.of(S3Fault.SLOW_DOWN, S3Fault.LOST_ANSWER, S3Fault.CUT_BODY)
                                        .contains(fault)) {
                                    assertThat(met).as(fault.name()).isPositive();
                                }
                            });
        }
    }
}
