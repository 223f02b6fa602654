package io.quotelake.system.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.local.fault.Rig;
import io.quotelake.verifier.verify.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bound so small that reading pauses all the time ({@code -Pfaults}). */
@Tag("faults")
class SmallMemoryIT {
    /** Nearly every row has a folder of its own: all that fills the memory are small files. */
    private static final String ALL_DAYS = "1965-01-01";

    /** Nothing but full memory ends a file while rows come. */
    private static final List<String> LONG_ROLLS =
            List.of("--roll-interval", "1h", "--roll-inactivity", "20s");

    @ParameterizedTest
    @ValueSource(strings = {"1mb", "8mb"})
    void rowsFlowHoweverOftenReadingPauses(String bound) throws Exception {
        try (Rig rig = TestRig.start(LONG_ROLLS, Map.of("s3.writer.max-buffered-bytes", bound))) {
            rig.startFeed(2_000, ALL_DAYS);
            for (int i = 0; i < 5; i++) {
                rig.awaitRowSince(i == 0 ? Instant.EPOCH : Instant.now(), Duration.ofMinutes(2));
            }
            rig.stopFeed();

            Report report = rig.awaitDelivery(Duration.ofMinutes(4));

            assertThat(report.findings()).isEmpty();
            assertThat(rig.awaitRest(Duration.ofMinutes(1))).isEmpty();
            TestRig.log(
                    "%s of memory, a file for nearly every row: %,d rows, alive"
                            .formatted(bound, report.rows()));
        }
    }
}
