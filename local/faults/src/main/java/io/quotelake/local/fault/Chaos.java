package io.quotelake.local.fault;

import io.quotelake.terminal.Failure;
import io.quotelake.verifier.verify.Report;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Faults at random, one after another and now and then two at once, for some minutes. Which ones
 * and in which order depends on the seed alone; when each happens depends also on how fast the
 * pipeline recovers.
 */
public final class Chaos {
    /** One fault in so many comes with another. */
    private static final int TWO_AT_ONCE = 4;

    private static final Duration MAX_PAUSE = Duration.ofSeconds(8);
    private static final Duration MAX_DELIVERY = Duration.ofMinutes(5);
    private static final Duration MAX_UNREST = Duration.ofMinutes(1);
    private static final Duration MAX_START = Duration.ofMinutes(2);

    private final Rig rig;
    private final SplittableRandom random;
    private final Consumer<String> log;
    private final List<Episode> episodes = new ArrayList<>();

    /**
     * @param log gets a line for each thing that happens
     */
    public Chaos(Rig rig, long seed, Consumer<String> log) {
        this.rig = rig;
        this.random = new SplittableRandom(seed);
        this.log = log;
    }

    /**
     * Feeds the pipeline and injects faults for so long; then lets it deliver what is left, and
     * verifies.
     *
     * @throws Failure when no rows flow again after a fault
     */
    public Report run(Duration length, int rowsPerSecond) throws IOException {
        rig.startFeed(rowsPerSecond);
        // Faults happen to a pipeline at work: a feed that meets no broker at its start ends.
        rig.awaitRowSince(Instant.EPOCH, MAX_START);
        long end = System.nanoTime() + length.toNanos();
        while (true) {
            Rig.pause(Duration.ofMillis(random.nextLong(MAX_PAUSE.toMillis())));
            Set<Fault> faults = next();
            Duration longest =
                    faults.stream()
                            .map(Fault::length)
                            .max(Duration::compareTo)
                            .orElse(Duration.ZERO);
            if (System.nanoTime() + longest.toNanos() > end) {
                break;
            }
            log.accept(
                    "inject: "
                            + faults.stream()
                                    .map(Fault::toString)
                                    .collect(Collectors.joining(" + ")));
            Episode episode = Episode.of(rig, faults);
            log.accept(
                    "rows flow again after %.1f s"
                            .formatted(episode.recovery().toMillis() / 1000.0));
            episodes.add(episode);
        }
        rig.stopFeed();
        log.accept("feed stopped; waiting until all of it is published");
        return rig.awaitDelivery(MAX_DELIVERY);
    }

    /**
     * What does not live as it has to after {@link #run}: sentences about the job, its TaskManager
     * and the memory that it holds; none is well.
     */
    public List<String> complaints() {
        return rig.awaitRest(MAX_UNREST);
    }

    /**
     * What is missing, in a sentence that sets dead letters that the job has named as lost apart
     * from everything else; none if nothing is missing.
     */
    public Optional<String> losses(Report report) {
        long missing = Rig.missing(report);
        long named = rig.lettersNamedAsLost();
        if (missing == 0 && named == 0) {
            return Optional.empty();
        }
        return Optional.of(
                "%,d records are missing, and the job has named %,d dead letters that the broker dropped by its own rule: %s"
                        .formatted(
                                missing,
                                named,
                                missing == named
                                        ? "nothing is lost in silence."
                                        : "NOT the same number."));
    }

    /** How often what was injected, and the longest recovery. */
    public List<String> summary() {
        List<String> lines = new ArrayList<>();
        lines.add(
                "%d faults injected, the slowest recovery %.1f s"
                        .formatted(
                                episodes.stream()
                                        .mapToInt(episode -> episode.faults().size())
                                        .sum(),
                                episodes.stream()
                                                .mapToLong(episode -> episode.recovery().toMillis())
                                                .max()
                                                .orElse(0)
                                        / 1000.0));
        lines.add(
                "S3 requests that met a fault: "
                        + rig.s3FaultsMet().entrySet().stream()
                                .filter(met -> met.getValue() > 0)
                                .map(Map.Entry::toString)
                                .collect(Collectors.joining(", ")));
        return lines;
    }

    private Set<Fault> next() {
        Fault[] all = Fault.values();
        Set<Fault> faults = EnumSet.of(all[random.nextInt(all.length)]);
        if (random.nextInt(TWO_AT_ONCE) == 0) {
            faults.add(all[random.nextInt(all.length)]);
        }
        if (faults.contains(Fault.BROKER_AWAY_LONG)) {
            // It publishes first, which a broker that is away already takes from nobody.
            faults.remove(Fault.BROKER_AWAY);
        }
        return faults;
    }
}
