package io.quotelake.job.owner;

import io.quotelake.job.task.TaskEnd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.connector.file.sink.FileSinkCommittable;

/**
 * Publishes files of a run as long as the table belongs to it: each round is claimed in the owner
 * object before its first file is published. Files of the restored state that are known to be
 * published are left alone; all others are published again, which changes nothing where they are.
 */
public final class OwnedCommitter implements Committer<FileSinkCommittable> {

    private final Rounds rounds;
    private final Committer<FileSinkCommittable> files;

    /**
     * @param rounds is closed with this
     * @param files publishes
     */
    public OwnedCommitter(Rounds rounds, Committer<FileSinkCommittable> files) {
        this.rounds = rounds;
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
                Stamp marked = Stamp.parse(text);
                // A folder: the file is of a version that marked none.
                Stamp stamp = marked == null ? rounds.ofUnmarked() : marked;
                isFinished = rounds.claimFiles(stamp);
                claimed.put(text, isFinished);
                if (!rounds.isRestored(stamp)) {
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
                rounds.finish(stamp);
            }
        }
    }

    @Override
    public void close() {
        TaskEnd.close("The committer of part files", files, rounds);
    }
}
