package io.quotelake.job.owner;

import java.util.OptionalLong;

/**
 * A checkpoint or savepoint that a task begins with. Within one run checkpoints are ordered by
 * their number; between runs that began with the same state they are not, hence the token.
 *
 * @param run the token of the run that wrote it, or one of the names below
 * @param checkpoint its number
 */
public record SavedState(String run, long checkpoint) {

    /** No state: a run that starts anew. */
    public static final SavedState NONE = new SavedState("none", 0);

    private static final String BEFORE = "before";

    private static final String UNTOLD = "untold";

    /** State of a version that knew no owner objects. */
    public static SavedState before(long checkpoint) {
        return new SavedState(BEFORE, checkpoint);
    }

    /**
     * State of which this task got no part that names its run: it may be of a version that knew no
     * owner objects, or other tasks have the part.
     */
    public static SavedState untold(long checkpoint) {
        return new SavedState(UNTOLD, checkpoint);
    }

    /**
     * What a task begins with.
     *
     * @param run that its part of the state names; empty if it names none
     * @param checkpoint that the task is restored from, if any
     */
    public static SavedState of(String run, OptionalLong checkpoint) {
        if (checkpoint.isEmpty()) {
            return NONE;
        }
        return run.isEmpty()
                ? untold(checkpoint.getAsLong())
                : new SavedState(run, checkpoint.getAsLong());
    }

    boolean isNone() {
        return equals(NONE);
    }

    boolean isBefore() {
        return run.equals(BEFORE);
    }

    boolean isUntold() {
        return run.equals(UNTOLD);
    }
}
