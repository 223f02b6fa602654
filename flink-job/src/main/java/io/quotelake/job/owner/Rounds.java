package io.quotelake.job.owner;

import io.quotelake.job.task.Refusal;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * The rounds that a task publishes. Each is claimed in the owner object before anything of it
 * becomes visible, a file or a dead letter.
 */
public final class Rounds implements AutoCloseable {

    private final Run run;
    private final TableOwner owner;
    private final AutoCloseable closer;
    private final long restored;

    /**
     * @param shared is closed with this
     * @param restoredCheckpoint the checkpoint that the task began with, if any
     */
    public Rounds(Run run, SharedOwner shared, OptionalLong restoredCheckpoint) {
        this(run, shared.owner(), shared, restoredCheckpoint);
    }

    Rounds(Run run, TableOwner owner, AutoCloseable closer, OptionalLong restoredCheckpoint) {
        this.run = run;
        this.owner = owner;
        this.closer = closer;
        this.restored = restoredCheckpoint.orElse(0);
    }

    /** Of what was finished by a version that marked nothing. */
    Stamp ofUnmarked() {
        SavedState before = SavedState.before(restored);
        return new Stamp(before.run(), before.checkpoint(), 0, run.table());
    }

    /** Whether this was finished before the task began, and came with its state. */
    boolean isRestored(Stamp stamp) {
        return !stamp.run().equals(run.token()) || stamp.checkpoint() <= restored;
    }

    /**
     * Makes sure that what carries this stamp may be published.
     *
     * @throws Refusal if it must not be
     */
    public void claim(Stamp stamp) throws IOException, InterruptedException {
        begin(stamp);
        owner.publish(stamp);
    }

    /**
     * The same for files, which may be known to be published.
     *
     * @return whether they are, and need not be again
     */
    boolean claimFiles(Stamp stamp) throws IOException, InterruptedException {
        begin(stamp);
        if (isRestored(stamp) && owner.isFinished(stamp)) {
            return true;
        }
        owner.publish(stamp);
        return false;
    }

    private void begin(Stamp stamp) throws IOException, InterruptedException {
        if (!stamp.table().equals(run.table())) {
            throw new Refusal(Refusals.otherTable(run, stamp.table()));
        }
        if (isRestored(stamp)) {
            owner.begin(new SavedState(stamp.run(), restored));
        }
    }

    /** All files of a task up to a checkpoint are published. */
    void finish(Stamp stamp) throws InterruptedException {
        owner.finish(stamp.subtask(), stamp.checkpoint());
    }

    @Override
    public void close() throws Exception {
        closer.close();
    }
}
