package io.quotelake.local.fault;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Faults that began together, and how long the pipeline took to recover.
 *
 * @param recovery from the end of the faults, or their moment, to the first visible row that was
 *     published after it
 */
public record Episode(Set<Fault> faults, Duration recovery) {
    /** Longer than every back-off of job, connectors and clients together. */
    private static final Duration MOST_RECOVERY = Duration.ofMinutes(4);

    /** Lets faults happen, the longest for its length, and waits for rows to flow again. */
    static Episode of(Rig rig, Set<Fault> faults) throws IOException {
        long begin = System.nanoTime();
        for (Fault fault : faults) {
            fault.begin(rig);
        }
        for (Fault fault : faults.stream().sorted(Comparator.comparing(Fault::length)).toList()) {
            Duration passed = Duration.ofNanos(System.nanoTime() - begin);
            if (fault.length().compareTo(passed) > 0) {
                Rig.pause(fault.length().minus(passed));
            }
            fault.end(rig);
        }
        Instant end = Instant.now();
        rig.awaitRowSince(end, MOST_RECOVERY);
        return new Episode(faults, Duration.between(end, Instant.now()));
    }

    @Override
    public String toString() {
        return "%s: rows flow again after %.1f s"
                .formatted(
                        faults.stream().map(Fault::toString).collect(Collectors.joining(" + ")),
                        recovery.toMillis() / 1000.0);
    }
}
