package io.quotelake.verifier.verify;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What was found: all of it counted, and the first of it kept for the report. Several threads may
 * add.
 */
final class Findings {
    private final int mostKept;
    private final List<Finding> kept = new ArrayList<>();
    private final Map<Finding.Kind, Long> counts = new EnumMap<>(Finding.Kind.class);
    private boolean areAllKept = true;

    Findings(int mostKept) {
        this.mostKept = mostKept;
    }

    void add(Finding.Kind kind, String place, String detail) {
        add(kind, place, detail, 1);
    }

    /** One finding that stands for so many rows. */
    synchronized void add(Finding.Kind kind, String place, String detail, long rows) {
        counts.merge(kind, rows, Long::sum);
        areAllKept = kept.size() < mostKept;
        if (areAllKept) {
            kept.add(new Finding(kind, place, detail));
        }
    }

    synchronized List<Finding> kept() {
        return List.copyOf(kept);
    }

    synchronized boolean areAllKept() {
        return areAllKept;
    }

    /** How many rows or objects there are of each kind that was found at all. */
    synchronized Map<Finding.Kind, Long> counts() {
        return Collections.unmodifiableMap(new EnumMap<>(counts));
    }
}
