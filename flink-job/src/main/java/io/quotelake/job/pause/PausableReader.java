package io.quotelake.job.pause;

import io.quotelake.job.lake.PublishedOffsets;
import io.quotelake.job.task.TaskEnd;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.MetricGroup;

/**
 * The reader of a {@link PausableSource}: another one that has nothing available during a pause. It
 * keeps {@link PublishedOffsets} of Kafka's partitions.
 */
final class PausableReader<T, SplitT extends SourceSplit> implements SourceReader<T, SplitT> {

    /** Rows between two looks, less than 100 KiB of them; a look takes about as long as a row. */
    private static final int ROWS_PER_LOOK = 250;

    private final SourceReader<T, SplitT> reader;
    private final Pause pause;
    private final MetricGroup metrics;
    private final PublishedOffsets published;
    private final ReadingProgress progress;
    private int rowsToNextLook;

    PausableReader(
            SourceReader<T, SplitT> reader,
            Pause pause,
            ReadingProgress progress,
            MetricGroup metrics) {
        this.reader = reader;
        this.pause = pause;
        this.progress = progress;
        this.metrics = metrics;
        this.published = PublishedOffsets.of(metrics);
    }

    @Override
    public InputStatus pollNext(ReaderOutput<T> output) throws Exception {
        if (--rowsToNextLook < 0) {
            if (pause.beginIfThereIsReason()) {
                return InputStatus.NOTHING_AVAILABLE;
            }
            rowsToNextLook = ROWS_PER_LOOK;
        }
        return reader.pollNext(output);
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return pause.isOn() ? pause.end() : reader.isAvailable();
    }

    @Override
    public void start() {
        reader.start();
    }

    @Override
    public List<SplitT> snapshotState(long checkpointId) {
        List<SplitT> splits = reader.snapshotState(checkpointId);
        published.read(checkpointId, offsets(splits));
        return splits;
    }

    @Override
    public void addSplits(List<SplitT> splits) {
        offsets(splits).forEach((partition, offset) -> published.begin(partition, offset, metrics));
        reader.addSplits(splits);
    }

    /** By partition, the first offset that is not read yet. */
    private static Map<Integer, Long> offsets(List<? extends SourceSplit> splits) {
        Map<Integer, Long> offsets = new HashMap<>();
        for (SourceSplit split : splits) {
            if (split instanceof KafkaPartitionSplit kafka) {
                offsets.put(kafka.getPartition(), kafka.getStartingOffset());
            }
        }
        return offsets;
    }

    @Override
    public void notifyNoMoreSplits() {
        reader.notifyNoMoreSplits();
    }

    @Override
    public void handleSourceEvents(SourceEvent event) {
        reader.handleSourceEvents(event);
    }

    @Override
    public void pauseOrResumeSplits(Collection<String> pausing, Collection<String> resuming) {
        reader.pauseOrResumeSplits(pausing, resuming);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        published.complete(checkpointId);
        reader.notifyCheckpointComplete(checkpointId);
        progress.checkpointCompleted();
        pause.checkpointCompleted();
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
        reader.notifyCheckpointAborted(checkpointId);
    }

    @Override
    public void close() {
        TaskEnd.close("The source's reader", pause, published, reader);
    }
}
