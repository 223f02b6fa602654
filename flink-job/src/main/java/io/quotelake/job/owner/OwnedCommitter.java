package io.quotelake.job.owner;

import io.quotelake.job.Refusal;
import io.quotelake.job.task.TaskEnd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.connector.file.sink.FileSinkCommittable;

/**
 * Publishes files of a run as long as the table belongs to it: each round is claimed in the owner
 * object before its first file is published. Files of the restored state that are known to be
 * published are left alone; all others are published again, which changes nothing where they are.
 */
public final class OwnedCommitter implements Committer<FileSinkCommittable> {

    private final Run run;
    private final TableOwner owner;
    private final AutoCloseable ownerCloser;
    private final OptionalLong restoredCheckpoint;
    private final Committer<FileSinkCommittable> files;

    /**
     * @param shared is closed with this
     * @param restoredCheckpoint the checkpoint that the task began with, if any
     * @param files publishes
     */
    public OwnedCommitter(
            Run run,
            SharedOwner shared,
            OptionalLong restoredCheckpoint,
            Committer<FileSinkCommittable> files) {
        this(run, shared.owner(), shared, restoredCheckpoint, files);
    }

    OwnedCommitter(
            Run run,
            TableOwner owner,
            AutoCloseable ownerCloser,
            OptionalLong restoredCheckpoint,
            Committer<FileSinkCommittable> files) {
        this.run = run;
        this.owner = owner;
        this.ownerCloser = ownerCloser;
        this.restoredCheckpoint = restoredCheckpoint;
        this.files = files;
    }

    @Override
    public void commit(Collection<CommitRequest<FileSinkCommittable>> requests)
            throws IOException, InterruptedException {
        List<CommitRequest<FileSinkCommittable>> toPublish = new ArrayList<>(requests.size());
        Map<String, Boolean> claimed = new HashMap<>();
        List<Stamp> own = new ArrayList<>();
        int retries = 0;
        for (CommitRequest<FileSinkCommittable> request : requests) {
            String text = request.getCommittable().getBucketId();
            Boolean isFinished = claimed.get(text);
            if (isFinished == null) {
                Stamp stamp = stampOf(text);
                isFinished = claim(stamp);
                claimed.put(text, isFinished);
                if (!isRestored(stamp)) {
                    own.add(stamp);
                }
            }
            if (isFinished) {
                request.signalAlreadyCommitted();
            } else {
                toPublish.add(request);
                retries += request.getNumberOfRetries();
            }
        }
        if (toPublish.isEmpty()) {
            return;
        }
        files.commit(toPublish);
        boolean isComplete =
                toPublish.stream().mapToInt(CommitRequest::getNumberOfRetries).sum() == retries;
        if (isComplete) {
            for (Stamp stamp : own) {
                owner.finish(stamp.subtask(), stamp.checkpoint());
            }
        }
    }

    private Stamp stampOf(String text) {
        Stamp stamp = Stamp.parse(text);
        if (stamp != null) {
            return stamp;
        }
        // A folder: the file is of a version that stamped none.
        SavedState before = SavedState.before(restoredCheckpoint.orElse(0));
        return new Stamp(before.run(), before.checkpoint(), 0, run.table());
    }

    private boolean isRestored(Stamp stamp) {
        return !stamp.run().equals(run.token())
                || stamp.checkpoint() <= restoredCheckpoint.orElse(0);
    }

    /**
     * Makes sure that files may be published.
     *
     * @return whether they need not be
     */
    private boolean claim(Stamp stamp) throws IOException, InterruptedException {
        if (!stamp.table().equals(run.table())) {
            throw new Refusal(Refusals.otherTable(run, stamp.table()));
        }
        if (isRestored(stamp)) {
            owner.begin(new SavedState(stamp.run(), restoredCheckpoint.orElse(0)));
            if (owner.isFinished(stamp)) {
                return true;
            }
        }
        owner.publish(stamp);
        return false;
    }

    @Override
    public void close() {
        TaskEnd.close("The committer of part files", files, ownerCloser);
    }
}
