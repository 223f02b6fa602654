package io.quotelake.system.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quotelake.flink.FlinkRest;
import io.quotelake.local.fault.Rig;
import io.quotelake.local.job.JobFigures;
import io.quotelake.verifier.verify.Finding;
import io.quotelake.verifier.verify.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What brokers drop of the dead letters by their own rule is never silent ({@code -Pfaults}). */
@Tag("faults")
class DroppedLettersIT {
    /** Seconds from {@code -Dquotelake.away=1200}. */
    private static final Duration AWAY =
            Duration.ofSeconds(Integer.getInteger("quotelake.away", 260));

    /** A transaction that waits for its commit is ended as brokers end those that wait too long. */
    @Test
    void whatTheBrokerDropsIsCountedAndNamed() throws Exception {
        try (Rig rig =
                TestRig.start(
                        Rig.MANY_SMALL_FILES,
                        Map.of("execution.checkpointing.tolerable-failed-checkpoints", "100"))) {
            long process = rig.taskManagerPid();
            JobFigures figures = new JobFigures(rig.stack().flink().rest());
            rig.startFeed(500);
            rig.awaitRowSince(Instant.EPOCH, Duration.ofMinutes(2));
            rig.blockCheckpoints();
            rig.publishPoison(1_000);
            try (Admin admin =
                    Admin.create(
                            Map.of("bootstrap.servers", rig.stack().broker().bootstrapServers()))) {
                Set<String> waiting =
                        await().atMost(Duration.ofMinutes(1))
                                .until(() -> letters(admin), letters -> !letters.isEmpty());
                // A transaction after those is begun only by a checkpoint, which has flushed them.
                long failed = failedCheckpoints(rig);
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> failedCheckpoints(rig) > failed + 1);
                admin.fenceProducers(waiting).all().get();
            }
            rig.unblockCheckpoints();

            await().atMost(Duration.ofMinutes(1))
                    .ignoreExceptions()
                    .until(() -> figures.most("deadLettersLost").orElse(0) > 0);
            long lost = (long) figures.most("deadLettersLost").orElseThrow();
            rig.stopFeed();
            Report report = rig.awaitDelivery(Duration.ofMinutes(4));

            TestRig.log("the broker dropped %d dead letters, all of them named".formatted(lost));
            assertThat(report.isOnlyMissing()).isTrue();
            assertThat(report.counts().get(Finding.Kind.MISSING)).isEqualTo(lost);
            assertThat(rig.lettersNamedAsLost()).isEqualTo(lost);
            assertThat(rig.taskManagerPid()).isEqualTo(process);
        }
    }

    /** Longer than transactions may be open, and than everything in a task waits. */
    @Test
    void aBrokerThatIsAwayForMinutesEndsNoProcess() throws Exception {
        try (Rig rig = TestRig.start(Rig.MANY_SMALL_FILES)) {
            long process = rig.taskManagerPid();
            rig.startFeed(500);
            rig.awaitRowSince(Instant.EPOCH, Duration.ofMinutes(2));
            rig.stopFeed();
            rig.publishPoison(10_000);

            rig.stopBroker();
            Rig.pause(AWAY);
            rig.startBroker();

            rig.startFeed(500);
            rig.awaitRowSince(Instant.now(), Duration.ofMinutes(4));
            rig.stopFeed();
            Report report = rig.awaitDelivery(Duration.ofMinutes(4));
            TestRig.log(
                    "broker away for %d s: %d dead letters lost, %d of them named"
                            .formatted(
                                    AWAY.toSeconds(),
                                    Rig.missing(report),
                                    rig.lettersNamedAsLost()));
            assertThat(rig.isDelivered(report)).as("%s", report.findings()).isTrue();
            assertThat(rig.awaitRest(Duration.ofMinutes(1))).isEmpty();
            assertThat(rig.taskManagerPid()).isEqualTo(process);
        }
    }

    private static Set<String> letters(Admin admin) throws Exception {
        return admin
                .listTransactions(
                        new ListTransactionsOptions()
                                .filterStates(List.of(TransactionState.ONGOING)))
                .all()
                .get()
                .stream()
                .map(TransactionListing::transactionalId)
                .filter(id -> id.startsWith("quotelake/"))
                .collect(Collectors.toSet());
    }

    private static long failedCheckpoints(Rig rig) throws Exception {
        FlinkRest rest = rig.stack().flink().rest();
        return rest.get("/jobs/" + rest.unendedJobs().get(0) + "/checkpoints")
                .path("counts")
                .path("failed")
                .asLong();
    }
}
