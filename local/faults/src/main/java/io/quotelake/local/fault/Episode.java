package io.quotelake.local.fault;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
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
    private static final Duration MAX_RECOVERY = Duration.ofMinutes(4);

    /** Lets faults happen, the longest for its length, and waits for rows to flow again. */
    public static Episode of(Rig rig, Set<Fault> faults) throws IOException {
        long begin = System.nanoTime();
        // What needs the broker is done before it goes away, and undone when it is back.
        for (Fault fault : sorted(faults, Comparator.comparing(Fault::isAtBroker).reversed())) {
            fault.begin(rig);
        }
        Comparator<Fault> byEnd = Comparator.comparing(fault -> length(fault, faults));
        for (Fault fault : sorted(faults, byEnd.thenComparing(Fault::isAtBroker))) {
            Duration passed = Duration.ofNanos(System.nanoTime() - begin);
            if (length(fault, faults).compareTo(passed) > 0) {
                Rig.pause(length(fault, faults).minus(passed));
            }
            fault.end(rig);
        }
        Instant end = Instant.now();
        rig.awaitRowSince(end, MAX_RECOVERY);
        return new Episode(faults, Duration.between(end, Instant.now()));
    }

    private static List<Fault> sorted(Set<Fault> faults, Comparator<Fault> order) {
        return faults.stream().sorted(order).toList();
    }

    private static Duration length(Fault fault, Set<Fault> faults) {
        return fault.isAtBroker()
                ? faults.stream().map(Fault::length).max(Duration::compareTo).orElseThrow()
                : fault.length();
    }

    @Override
    public String toString() {
        return "%s: rows flow again after %.1f s"
                .formatted(
                        faults.stream().map(Fault::toString).collect(Collectors.joining(" + ")),
                        recovery.toMillis() / 1000.0);
    }
}
