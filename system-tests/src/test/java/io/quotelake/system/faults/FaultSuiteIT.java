package io.quotelake.system.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.local.fault.Episode;
import io.quotelake.local.fault.Fault;
import io.quotelake.local.fault.Rig;
import io.quotelake.verifier.verify.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fault alone, and some together, over one pipeline that has to survive them all ({@code
 * -Pfaults}).
 */
@Tag("faults")
class FaultSuiteIT {
    private static final int ROWS_PER_SECOND = 500;

    private static Rig rig;

    @BeforeAll
    static void start() {
        rig = TestRig.start(Rig.MANY_SMALL_FILES);
        rig.startFeed(ROWS_PER_SECOND);
        rig.awaitRowSince(Instant.EPOCH, Duration.ofMinutes(2));
        rig.stopFeed();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @ParameterizedTest
    @EnumSource
    void eachFaultAloneLosesAndDoublesNothing(Fault fault) throws Exception {
        survives(EnumSet.of(fault));
    }

    @ParameterizedTest
    @MethodSource
    void faultsTogetherLoseAndDoubleNothing(Set<Fault> faults) throws Exception {
        survives(faults);
    }

    static Stream<Set<Fault>> faultsTogetherLoseAndDoubleNothing() {
        return Stream.of(
                EnumSet.of(Fault.TASK_MANAGER_KILLED, Fault.S3_SLOW_DOWN_50),
                EnumSet.of(Fault.TASK_MANAGER_KILLED, Fault.JOB_MANAGER_KILLED),
                EnumSet.of(Fault.JOB_MANAGER_KILLED, Fault.BROKER_KILLED),
                EnumSet.of(Fault.TASK_MANAGER_STOPPED, Fault.S3_LOST_ANSWER),
                EnumSet.of(Fault.BROKER_KILLED, Fault.CHECKPOINTS_UNWRITABLE, Fault.POISON),
                EnumSet.of(Fault.BROKER_AWAY, Fault.S3_AWAY),
                EnumSet.of(
                        Fault.S3_CUT, Fault.S3_LOST_ANSWER, Fault.S3_SLOW_DOWN_10, Fault.S3_LATE));
    }

    private static void survives(Set<Fault> faults) throws Exception {
        rig.startFeed(ROWS_PER_SECOND);
        rig.awaitRowSince(Instant.now(), Duration.ofMinutes(1));

        Episode episode = Episode.of(rig, faults);

        TestRig.log(episode.toString());
        rig.stopFeed();
        Report report = rig.awaitDelivery(Duration.ofMinutes(4));
        assertThat(rig.isDelivered(report)).as("%s: %s", episode, report.findings()).isTrue();
    }
}
