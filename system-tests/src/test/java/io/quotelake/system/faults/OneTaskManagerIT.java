package io.quotelake.system.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.local.fault.Episode;
import io.quotelake.local.fault.Fault;
import io.quotelake.local.fault.Rig;
import io.quotelake.verifier.verify.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One TaskManager lives through everything that ends tasks ({@code -Pfaults}): most people have
 * nobody who starts it again, and other jobs run in it.
 */
@Tag("faults")
class OneTaskManagerIT {
    private static final int ROWS_PER_SECOND = 500;

    private static Rig rig;
    private static long process;

    @BeforeAll
    static void start() {
        rig =
                TestRig.start(
                        Rig.MANY_SMALL_FILES,
                        Map.of("execution.checkpointing.tolerable-failed-checkpoints", "100"));
        process = rig.taskManagerPid();
        rig.startFeed(ROWS_PER_SECOND);
        rig.awaitRowSince(Instant.EPOCH, Duration.ofMinutes(2));
        rig.stopFeed();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    /** All of them, or those of {@code -Dquotelake.faults=OVERSIZED,BROKER_AWAY_LONG}. */
    static Stream<Fault> itLivesAndHoldsNothingAfterwards() {
        String all =
                "S3_KEYS_REVOKED,CHECKPOINTS_UNWRITABLE_LONG,OVERSIZED,DEAD_LETTERS_LIMITED,"
                        + "BROKER_AWAY_LONG";
        return Stream.of(System.getProperty("quotelake.faults", all).split(","))
                .map(Fault::valueOf);
    }

    @ParameterizedTest
    @MethodSource
    void itLivesAndHoldsNothingAfterwards(Fault fault) throws Exception {
        rig.startFeed(ROWS_PER_SECOND);
        rig.awaitRowSince(Instant.now(), Duration.ofMinutes(1));

        Episode episode = Episode.of(rig, EnumSet.of(fault));

        TestRig.log(episode.toString());
        rig.stopFeed();
        Report report = rig.awaitDelivery(Duration.ofMinutes(4));
        assertThat(rig.isDelivered(report)).as("%s: %s", episode, report.findings()).isTrue();
        assertThat(rig.awaitRest(Duration.ofMinutes(1))).isEmpty();
        assertThat(rig.taskManagerPid()).isEqualTo(process);
        TestRig.log("after that the TaskManager has " + Holdings.of(rig));
    }
}
