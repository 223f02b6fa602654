package io.quotelake.job.owner;

import java.util.OptionalLong;

/** Numbers what a task finishes, so that no two rounds have one {@link Stamp}. */
public final class RoundCounter {

    private final Run run;
    private final int subtask;

    /** No checkpoint that this task takes part in from now on has a number up to this one. */
    private long last;

    /**
     * @param restoredCheckpoint the checkpoint that the task begins with, if any
     */
    public RoundCounter(Run run, int subtask, OptionalLong restoredCheckpoint) {
        this.run = run;
        this.subtask = subtask;
        this.last = restoredCheckpoint.orElse(0);
    }

    long last() {
        return last;
    }

    /**
     * The mark of the checkpoint that begins. Its number is not known here, but that it is higher
     * than that of the one before is, also where that one failed between this call and {@link
     * #saved}.
     */
    public Stamp next() {
        return new Stamp(run.token(), ++last, subtask, run.table());
    }

    /** The task takes part in a checkpoint. */
    public void saved(long checkpoint) {
        last = checkpoint;
    }
}
