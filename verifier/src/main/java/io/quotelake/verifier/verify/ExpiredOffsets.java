package io.quotelake.verifier.verify;

import java.util.ArrayList;
import java.util.List;

/**
 * Offsets of one partition that the topic no longer retains, as far as rows and dead letters tell
 * of them: a hole between two that were written, or between the last of them and the first that is
 * retained, was lost before anybody read it.
 *
 * <p>Not each hole is one of records. Before the first offset that was written nobody may have
 * wanted to read; a transaction leaves a marker of one offset behind, an aborted one records that
 * nobody sees, and compaction takes what it wants. Whether a topic has such offsets shows in what
 * it retains: there they are gaps too.
 */
final class ExpiredOffsets {
    /** More holes than this are not told apart; the last one always is. */
    private static final int MAX_HOLES = 10_000;

    private final int partition;
    private final List<Hole> inside = new ArrayList<>();
    private long lastWritten = -1;
    private long lastRetained = -1;
    private boolean gaps;

    /**
     * Offsets that follow each other.
     *
     * @param isLost whether there were records with these offsets
     */
    record Hole(long first, long last, boolean isLost) {
        /** At most 0 where there are none. */
        long size() {
            return last - first + 1;
        }

        Hole before(long offset) {
            return new Hole(first, Math.min(last, offset - 1), isLost);
        }

        Hole from(long offset) {
            return new Hole(Math.max(first, offset), last, isLost);
        }
    }

    ExpiredOffsets(int partition) {
        this.partition = partition;
    }

    int partition() {
        return partition;
    }

    /** A row or a dead letter has this offset; in rising order, and some more than once. */
    void add(long offset) {
        if (lastWritten >= 0 && offset > lastWritten + 1 && inside.size() < MAX_HOLES) {
            inside.add(new Hole(lastWritten + 1, offset - 1, false));
        }
        lastWritten = offset;
    }

    /** A committed record that the topic retains, in rising order. */
    void addRetained(long offset) {
        gaps |= lastRetained >= 0 && offset != lastRetained + 1;
        lastRetained = offset;
    }

    /** Whether offsets of the retained records don't all follow each other. */
    boolean hasGaps() {
        return gaps;
    }

    /**
     * What was not written.
     *
     * @param firstRetained the topic's first offset
     * @param isEverythingKnown false where compaction, or dead letters that have expired, may
     *     explain any hole
     */
    List<Hole> holes(long firstRetained, boolean isEverythingKnown) {
        List<Hole> holes = new ArrayList<>();
        if (lastWritten < 0) {
            return holes;
        }
        boolean isDense = lastRetained >= 0 && !gaps;
        for (Hole hole : inside) {
            if (isDense || hole.size() > 1) {
                holes.add(new Hole(hole.first(), hole.last(), isEverythingKnown && isDense));
            }
        }
        if (firstRetained > lastWritten + 1) {
            long size = firstRetained - lastWritten - 1;
            holes.add(
                    new Hole(
                            lastWritten + 1,
                            firstRetained - 1,
                            isEverythingKnown && (isDense || size > 1)));
        }
        return holes;
    }
}
