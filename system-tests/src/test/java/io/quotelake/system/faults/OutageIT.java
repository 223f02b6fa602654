package io.quotelake.system.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.local.fault.Episode;
import io.quotelake.local.fault.Fault;
import io.quotelake.local.fault.Rig;
import io.quotelake.local.s3.S3Fault;
import io.quotelake.verifier.verify.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** S3 away for a minute while the feed is full, and faults that nobody heals ({@code -Pfaults}). */
@Tag("faults")
class OutageIT {
    private static final int FULL_FEED = 20_000;

    /** {@code taskmanager.memory.process.size} of the configuration. */
    private static final long MAX_KIB = 1600 << 10;

    /** The configuration's thirty take some ten minutes. */
    private static final Map<String, String> FEWER_ATTEMPTS =
            Map.of("restart-strategy.exponential-delay.attempts-before-reset-backoff", "5");

    /**
     * Files of five years fill their memory; those of one are in the midst of multipart uploads.
     */
    @ParameterizedTest
    @ValueSource(strings = {Rig.FIVE_YEARS, TestRig.ONE_YEAR})
    void afterAMinuteWithoutS3ThePipelineCatchesUpWithBoundedMemory(String from) throws Exception {
        try (Rig rig = TestRig.start(TestRig.LARGE_FILES);
                MemoryWatch memory = new MemoryWatch(rig)) {
            rig.startFeed(FULL_FEED, from);
            rig.awaitRowSince(Instant.EPOCH, Duration.ofMinutes(3));

            Episode outage = Episode.of(rig, EnumSet.of(Fault.S3_AWAY));
            rig.stopFeed();
            Instant stopped = Instant.now();
            Report report = rig.awaitDelivery(Duration.ofMinutes(5));

            TestRig.log(
                    "%,d rows/s from %s on, %s; caught up %.0f s after the feed's end, %,d rows; TaskManager at most %,d MiB"
                            .formatted(
                                    FULL_FEED,
                                    from,
                                    outage,
                                    Duration.between(stopped, Instant.now()).toMillis() / 1000.0,
                                    report.rows(),
                                    memory.mostKib() >> 10));
            assertThat(report.findings()).isEmpty();
            assertThat(memory.mostKib()).isLessThan(MAX_KIB);
        }
    }

    @Test
    void aDeletedBucketEndsInAFailedJobThatSaysSo() throws Exception {
        try (Rig rig = TestRig.start(Rig.MANY_SMALL_FILES, FEWER_ATTEMPTS)) {
            rig.startFeed(200);
            rig.awaitRowSince(Instant.EPOCH, Duration.ofMinutes(2));

            rig.deleteBucket();

            assertFailure(rig, "Check that the bucket quotelake exists");
        }
    }

    @Test
    void revokedCredentialsEndInAFailedJobThatSaysSo() throws Exception {
        try (Rig rig = TestRig.start(Rig.MANY_SMALL_FILES, FEWER_ATTEMPTS)) {
            rig.startFeed(200);
            rig.awaitRowSince(Instant.EPOCH, Duration.ofMinutes(2));

            rig.addS3Fault(S3Fault.KEY_REVOKED, 1);

            assertFailure(rig, "Check the credentials");
        }
    }

    private static void assertFailure(Rig rig, String advice) throws IOException {
        Instant begin = Instant.now();
        Awaitility.await()
                .atMost(Duration.ofMinutes(15))
                .pollInterval(Duration.ofSeconds(1))
                .until(rig::jobState, "FAILED"::equals);
        TestRig.log(
                "job failed after %d s"
                        .formatted(Duration.between(begin, Instant.now()).toSeconds()));
        assertThat(rig.jobFailure()).contains(advice);
    }

    /** The TaskManager's resident memory, looked at each second. */
    private static final class MemoryWatch implements AutoCloseable {
        private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        private final AtomicLong most = new AtomicLong();

        MemoryWatch(Rig rig) {
            timer.scheduleWithFixedDelay(() -> look(rig), 1, 1, TimeUnit.SECONDS);
        }

        long mostKib() {
            return most.get();
        }

        private void look(Rig rig) {
            long pid = rig.stack().flink().taskManagers().get(0).process().pid();
            try {
                Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .forEach(kib -> most.accumulateAndGet(kib, Math::max));
            } catch (IOException e) {
                return; // The process is being replaced.
            }
        }

        @Override
        public void close() {
            timer.shutdownNow();
        }
    }
}
