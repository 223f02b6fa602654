package io.quotelake.job.owner;

import io.quotelake.job.task.Refusal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import org.apache.flink.connector.file.sink.FileSinkCommittable;
import org.apache.flink.connector.file.sink.writer.FileWriterBucketState;
import org.apache.flink.core.fs.Path;

/**
 * A task's part in its run's identity: what it writes into saved state, what it reads there, and
 * what it marks files with.
 *
 * <p>The identity travels as the state of a bucket that has no file, so that the state of this
 * version and of earlier ones has one format.
 */
public final class TableState {

    private static final String MARK = "@";
    private static final String SEPARATOR = " ";
    private static final String DATE_FOLDER = "/date=";

    private final Run run;
    private final RoundCounter rounds;

    /**
     * @param restoredCheckpoint the checkpoint that the task begins with, if any
     */
    public TableState(Run run, int subtask, OptionalLong restoredCheckpoint) {
        this.run = run;
        this.rounds = new RoundCounter(run, subtask, restoredCheckpoint);
    }

    /**
     * Checks restored state against what the run is asked to write, and takes the identity out.
     *
     * @param state gets back what belongs to buckets
     * @param buckets receives it
     * @return the saved state that the task begins with
     * @throws Refusal if the state is of another table, or of folders of another granularity
     */
    public SavedState restore(
            Collection<FileWriterBucketState> state, Collection<FileWriterBucketState> buckets) {
        long last = rounds.last();
        SavedState from = last == 0 ? SavedState.NONE : SavedState.untold(last);
        Path table = new Path(run.table());
        for (FileWriterBucketState element : state) {
            String id = element.getBucketId();
            if (id.startsWith(MARK)) {
                String[] fields = id.substring(MARK.length()).split(SEPARATOR);
                checkTable(table, element.getBucketPath());
                checkGranularity(fields[1]);
                from = new SavedState(fields[0], last);
            } else {
                checkTable(new Path(table, id), element.getBucketPath());
                checkFolder(id);
                buckets.add(element);
            }
        }
        return from;
    }

    private void checkTable(Path asked, Path saved) {
        if (!asked.equals(saved)) {
            String id = asked.toString().substring(new Path(run.table()).toString().length());
            String before = saved.toString();
            throw new Refusal(
                    Refusals.otherTable(
                            run,
                            before.endsWith(id)
                                    ? before.substring(0, before.length() - id.length())
                                    : before));
        }
    }

    private void checkFolder(String id) {
        int date = id.indexOf(DATE_FOLDER);
        if (date >= 0) {
            checkGranularity(
                    switch (id.length() - date - DATE_FOLDER.length()) {
                        case 4 -> "year";
                        case 7 -> "month";
                        default -> "day";
                    });
        }
    }

    private void checkGranularity(String saved) {
        if (!saved.equals(run.dateGranularity())) {
            throw new Refusal(Refusals.otherGranularity(run, saved));
        }
    }

    /** What goes into a checkpoint beside the buckets. */
    public FileWriterBucketState save(long checkpoint) {
        rounds.saved(checkpoint);
        return new FileWriterBucketState(
                MARK + run.token() + SEPARATOR + run.dateGranularity(),
                new Path(run.table()),
                Long.MAX_VALUE,
                null);
    }

    /** Marks finished files, and what is to be cleaned up with them. */
    public List<FileSinkCommittable> stamp(Collection<FileSinkCommittable> committables) {
        String stamp = rounds.next().text();
        List<FileSinkCommittable> stamped = new ArrayList<>(committables.size());
        for (FileSinkCommittable committable : committables) {
            stamped.add(
                    committable.hasPendingFile()
                            ? new FileSinkCommittable(stamp, committable.getPendingFile())
                            : new FileSinkCommittable(
                                    stamp, committable.getInProgressFileToCleanup()));
        }
        return stamped;
    }
}
