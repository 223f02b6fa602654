package io.quotelake.job.lake;

import io.quotelake.job.owner.OwnedCommitter;
import io.quotelake.job.owner.Rounds;
import io.quotelake.job.owner.Run;
import io.quotelake.job.owner.SavedState;
import io.quotelake.job.owner.SharedOwner;
import io.quotelake.job.owner.TableState;
import io.quotelake.job.quote.QuoteRow;
import io.quotelake.job.task.TaskEnd;
import io.quotelake.s3.PartFileWriter;
import io.quotelake.s3.S3Options;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.serialization.Encoder;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.InitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.file.sink.FileSinkCommittable;
import org.apache.flink.connector.file.sink.FileSinkCommittableSerializer;
import org.apache.flink.connector.file.sink.committer.FileCommitter;
import org.apache.flink.connector.file.sink.writer.DefaultFileWriterBucketFactory;
import org.apache.flink.connector.file.sink.writer.FileWriter;
import org.apache.flink.connector.file.sink.writer.FileWriterBucketState;
import org.apache.flink.connector.file.sink.writer.FileWriterBucketStateSerializer;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.functions.sink.filesystem.OutputFileConfig;
import org.apache.flink.streaming.api.functions.sink.filesystem.RowWiseBucketWriter;
import org.apache.flink.streaming.api.functions.sink.filesystem.WriterProperties;

/**
 * Rows into part files under a table's prefix, each published by the checkpoint that follows its
 * end.
 *
 * <p>This is Flink's FileSink with its parts put together anew: FileSink's writer, committer and
 * state as they are, around a recoverable writer that counts and compresses ({@link PartFiles}),
 * and with the files of one checkpoint committed in parallel ({@link ParallelCommitter}). Under it
 * is this project's own writer for S3 ({@link PartFileWriter}), or Flink's file system of the
 * table's scheme.
 */
public class LakeSink
        implements Sink<QuoteRow>,
                SupportsWriterState<QuoteRow, FileWriterBucketState>,
                SupportsCommitter<FileSinkCommittable> {

    private static final long serialVersionUID = 1L;

    private static final String PREFIX = "part";
    private static final Encoder<QuoteRow> ROW_BYTES =
            (row, file) -> file.write(row.line, 0, row.length);

    private final Run run;
    private final Path table;
    private final PartFileRolling rolling;
    private final Compression compression;
    private final int commitConcurrency;
    private final S3Options s3;

    /**
     * @param run whose table is on S3 or any file system that Flink can write to and resume
     * @param commitConcurrency how many files a task publishes at a time
     * @param s3 how the own writer reaches S3; null to write there with Flink's file system, as
     *     everywhere else
     */
    public LakeSink(
            Run run,
            PartFileRolling rolling,
            Compression compression,
            int commitConcurrency,
            S3Options s3) {
        this.run = run;
        this.table = new Path(run.table());
        this.rolling = rolling;
        this.compression = compression;
        this.commitConcurrency = commitConcurrency;
        this.s3 = PartFileWriter.serves(table.toUri().getScheme()) ? s3 : null;
    }

    @Override
    public LakeWriter createWriter(WriterInitContext context) throws IOException {
        return restoreWriter(context, List.of());
    }

    @Override
    public LakeWriter restoreWriter(
            WriterInitContext context, Collection<FileWriterBucketState> state) throws IOException {
        TaskInfo task = context.getTaskInfo();
        PublishedOffsets published = PublishedOffsets.of(context.metricGroup());
        TableState identity =
                new TableState(
                        run, task.getIndexOfThisSubtask(), context.getRestoredCheckpointId());
        List<FileWriterBucketState> buckets = new ArrayList<>();
        SavedState from =
                identity.restore(
                        published.restore(
                                state,
                                table,
                                task.getIndexOfThisSubtask(),
                                task.getNumberOfParallelSubtasks()),
                        buckets);
        SharedOwner owner = openOwner(context);
        PartFiles files = null;
        try {
            begin(owner, from);
            files = new PartFiles(openFiles(), compression);
            return restoreWriter(context, identity, published, buckets, files, owner);
        } catch (IOException | RuntimeException | Error e) {
            TaskEnd.close("The part files' writer", files, owner);
            throw e;
        }
    }

    /** The table must belong to this run before a row is taken. */
    private static void begin(SharedOwner shared, SavedState from) throws IOException {
        try {
            shared.owner().begin(from);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    private SharedOwner openOwner(InitContext context) {
        return SharedOwner.open(run, context.getJobInfo().getJobId().toString(), s3);
    }

    private LakeWriter restoreWriter(
            WriterInitContext context,
            TableState identity,
            PublishedOffsets published,
            Collection<FileWriterBucketState> buckets,
            PartFiles files,
            SharedOwner owner)
            throws IOException {
        PartFileRolling.Policy policy = rolling.toPolicy();
        FileWriter<QuoteRow> writer =
                new FileWriter<>(
                        table,
                        context.metricGroup(),
                        new FolderAssigner(),
                        new DefaultFileWriterBucketFactory<>(),
                        new RowWiseBucketWriter<>(files, ROW_BYTES),
                        policy,
                        new OutputFileConfig(PREFIX, compression.suffix()),
                        context.getProcessingTimeService(),
                        rolling.checkInterval().toMillis());
        writer.initializeState(buckets);
        files.registerGauges(context.metricGroup());
        published.recover(files.recovered(), context.metricGroup());
        return new LakeWriter(writer, files, policy, published, identity, owner);
    }

    @Override
    public Committer<FileSinkCommittable> createCommitter(CommitterInitContext context)
            throws IOException {
        SharedOwner owner = openOwner(context);
        try {
            RecoverableWriter files = openFiles();
            return new OwnedCommitter(
                    new Rounds(run, owner, context.getRestoredCheckpointId()),
                    new ParallelCommitter(
                            new ClosingCommitter(files),
                            files.getClass().getClassLoader(),
                            commitConcurrency,
                            context.metricGroup()));
        } catch (IOException | RuntimeException | Error e) {
            owner.close();
            throw e;
        }
    }

    @Override
    public SimpleVersionedSerializer<FileWriterBucketState> getWriterStateSerializer() {
        WriterProperties properties = writerProperties();
        return new FileWriterBucketStateSerializer(
                properties.getInProgressFileRecoverableSerializer(),
                properties.getPendingFileRecoverableSerializer());
    }

    @Override
    public SimpleVersionedSerializer<FileSinkCommittable> getCommittableSerializer() {
        WriterProperties properties = writerProperties();
        return new FileSinkCommittableSerializer(
                properties.getPendingFileRecoverableSerializer(),
                properties.getInProgressFileRecoverableSerializer());
    }

    private WriterProperties writerProperties() {
        return new RowWiseBucketWriter<QuoteRow, String>(filesOfState(), ROW_BYTES).getProperties();
    }

    private RecoverableWriter openFiles() throws IOException {
        return s3 == null
                ? FileSystem.get(table.toUri()).createRecoverableWriter()
                : PartFileWriter.open(table.toUri(), s3);
    }

    /** What reads and writes state. It opens nothing before there is any. */
    private RecoverableWriter filesOfState() {
        return s3 == null ? new StateOfFiles(table) : PartFileWriter.ofState();
    }

    /** FileSink's committer, which by itself leaves its recoverable writer open. */
    private static final class ClosingCommitter extends FileCommitter {
        private final RecoverableWriter files;

        private ClosingCommitter(RecoverableWriter files) {
            super(new RowWiseBucketWriter<>(files, ROW_BYTES));
            this.files = files;
        }

        @Override
        public void close() {
            if (files instanceof PartFileWriter writer) {
                writer.close();
            }
        }
    }
}
