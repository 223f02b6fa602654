package io.quotelake.job.lake;

import io.quotelake.job.owner.SharedOwner;
import io.quotelake.job.owner.TableState;
import io.quotelake.job.quote.QuoteRow;
import io.quotelake.job.task.TaskEnd;
import io.quotelake.s3.PartFileMemory;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.connector.file.sink.FileSinkCommittable;
import org.apache.flink.connector.file.sink.writer.FileWriter;
import org.apache.flink.connector.file.sink.writer.FileWriterBucketState;

/**
 * FileSink's writer, less what need not be cleaned up, and with files that end early when memory is
 * scarce.
 */
final class LakeWriter
        implements StatefulSinkWriter<QuoteRow, FileWriterBucketState>,
                CommittingSinkWriter<QuoteRow, FileSinkCommittable> {

    private final FileWriter<QuoteRow> writer;
    private final PartFiles files;
    private final PartFileRolling.Policy policy;
    private final PublishedOffsets published;
    private final TableState identity;
    private final SharedOwner owner;

    /**
     * @param owner is closed with this
     */
    LakeWriter(
            FileWriter<QuoteRow> writer,
            PartFiles files,
            PartFileRolling.Policy policy,
            PublishedOffsets published,
            TableState identity,
            SharedOwner owner) {
        this.writer = writer;
        this.files = files;
        this.policy = policy;
        this.published = published;
        this.identity = identity;
        this.owner = owner;
    }

    @Override
    public void write(QuoteRow row, Context context) throws IOException, InterruptedException {
        writer.write(row, context);
    }

    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
        writer.flush(endOfInput);
    }

    @Override
    public Collection<FileSinkCommittable> prepareCommit() throws IOException {
        policy.beginCheckpoint(!files.keepsUnfinishedFiles() || PartFileMemory.PROCESS.isFilling());
        Collection<FileSinkCommittable> committables = writer.prepareCommit();
        if (!files.requiresCleanupOfRecoverableState()) {
            // One for every file that was open at the last checkpoint.
            committables.removeIf(FileSinkCommittable::hasInProgressFileToCleanup);
        }
        return identity.stamp(committables);
    }

    @Override
    public List<FileWriterBucketState> snapshotState(long checkpointId) throws IOException {
        files.beginCheckpoint(checkpointId);
        List<FileWriterBucketState> state = writer.snapshotState(checkpointId);
        published
                .open(checkpointId, files.oldestOpenSince(), files.recovered())
                .ifPresent(state::add);
        state.add(identity.save(checkpointId));
        return state;
    }

    @Override
    public void close() {
        published.reached().ifPresent(owner.owner()::end);
        TaskEnd.close("The part files' writer", writer::close, files, published, owner);
    }
}
