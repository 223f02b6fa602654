package io.quotelake.benchmark.measure;

import java.util.concurrent.atomic.AtomicLongArray;

/** Counts durations up to two minutes, to ten milliseconds; for many threads. */
public final class Histogram {
    private static final int STEP_MILLIS = 10;
    private static final int STEPS = 12_000;

    private final AtomicLongArray counts = new AtomicLongArray(STEPS + 1);

    /** Counts one; longer ones than two minutes count as two minutes. */
    public void add(long millis) {
        counts.incrementAndGet((int) Math.max(0, Math.min(millis / STEP_MILLIS, STEPS)));
    }

    /** The duration in seconds that so many of a hundred do not exceed. */
    public double percentileSeconds(double percent) {
        long all = 0;
        for (int step = 0; step <= STEPS; step++) {
            all += counts.get(step);
        }
        long wanted = (long) Math.ceil(all * percent / 100);
        long below = 0;
        for (int step = 0; step <= STEPS; step++) {
            below += counts.get(step);
            if (below >= wanted && below > 0) {
                return (step + 1) * STEP_MILLIS / 1e3;
            }
        }
        throw new IllegalStateException("Nothing was counted");
    }
}
