package io.quotelake.job.lake;

import io.quotelake.job.quote.QuoteRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.serialization.Encoder;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
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
 * and with the files of one checkpoint committed in parallel ({@link ParallelCommitter}).
 */
public class LakeSink
        implements Sink<QuoteRow>,
                SupportsWriterState<QuoteRow, FileWriterBucketState>,
                SupportsCommitter<FileSinkCommittable> {

    private static final long serialVersionUID = 1L;

    private static final String PREFIX = "part";
    private static final Encoder<QuoteRow> ROW_BYTES =
            (row, file) -> file.write(row.line, 0, row.length);

    private final Path table;
    private final PartFileRolling rolling;
    private final Compression compression;
    private final int commitConcurrency;

    /**
     * @param table the table's prefix, on any file system that Flink can write to and resume
     * @param commitConcurrency how many files a task publishes at a time
     */
    public LakeSink(
            Path table, PartFileRolling rolling, Compression compression, int commitConcurrency) {
        this.table = table;
        this.rolling = rolling;
        this.compression = compression;
        this.commitConcurrency = commitConcurrency;
    }

    @Override
    public LakeWriter createWriter(WriterInitContext context) throws IOException {
        return restoreWriter(context, List.of());
    }

    @Override
    public LakeWriter restoreWriter(
            WriterInitContext context, Collection<FileWriterBucketState> state) throws IOException {
        RecoverableWriter recoverableWriter = recoverableWriter();
        PartFiles files = new PartFiles(recoverableWriter, compression);
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
        writer.initializeState(state);
        context.metricGroup().gauge("openPartFiles", files::open);
        PluginFigures.registerGauges(context.metricGroup());
        PublishedOffsets published = PublishedOffsets.of(context.metricGroup());
        published.recover(files.recovered(), context.metricGroup());
        return new LakeWriter(
                writer, files, policy, leavesNothingToCleanUp(recoverableWriter), published);
    }

    @Override
    public Committer<FileSinkCommittable> createCommitter(CommitterInitContext context)
            throws IOException {
        RecoverableWriter files = recoverableWriter();
        return new ParallelCommitter(
                new FileCommitter(new RowWiseBucketWriter<>(files, ROW_BYTES)),
                files.getClass().getClassLoader(),
                commitConcurrency,
                context.metricGroup());
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
        try {
            return new RowWiseBucketWriter<QuoteRow, String>(recoverableWriter(), ROW_BYTES)
                    .getProperties();
        } catch (IOException e) {
            throw new UncheckedIOException("can't open the file system of " + table, e);
        }
    }

    private RecoverableWriter recoverableWriter() throws IOException {
        return FileSystem.get(table.toUri()).createRecoverableWriter();
    }

    /**
     * This project's S3 plugin keeps unfinished bytes in Flink's state, so that there is nothing to
     * clean up after a checkpoint. Its class is known here by its package only: plugins have class
     * loaders of their own.
     */
    private static boolean leavesNothingToCleanUp(RecoverableWriter writer) {
        return writer.getClass().getName().startsWith("io.quotelake.s3.");
    }
}
