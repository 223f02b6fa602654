package io.quotelake.job.lake;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.scope.ScopeFormat;

/**
 * How far each partition is published: before this offset every record that the task has read is a
 * row in a visible file, or a dead letter that is committed. What comes later waits: for its file's
 * end, or for a checkpoint.
 *
 * <p>Reader and writer of a task share one such object. The reader says at each checkpoint how far
 * it has read, the writer after which checkpoint its oldest open file was opened: all that was read
 * before that one is in files that have ended. When the reader hears that the checkpoint is
 * complete, sinks have heard of it before, and have published those files: Flink notifies the
 * operators of a task from the last to the first. So a row costs nothing here.
 *
 * <p>Where reader and writer are not chained into one task, nothing ever counts as published.
 * Metrics: gauges {@code partition.N.publishedTo}, and {@code recoveredPartFiles}, files that were
 * open when the task was restored and are not published yet. While there are such files no {@code
 * publishedTo} holds, in any task: nobody knows which rows they hold.
 *
 * <p>All methods belong to the task's thread; gauges are read by others.
 */
public final class PublishedOffsets implements AutoCloseable {

    private static final Map<String, PublishedOffsets> TASKS = new ConcurrentHashMap<>();

    /** Stands for the time before the first checkpoint; Flink's ids begin at 1. */
    static final long BEFORE_CHECKPOINTS = 0;

    /** More checkpoints than this in the life of a file, and every second one is forgotten. */
    private static final int MAX_POSITIONS = 1_024;

    private final String task;
    private final Map<Integer, Long> starts = new ConcurrentHashMap<>();
    private final NavigableMap<Long, Map<Integer, Long>> positions = new TreeMap<>();
    private final NavigableMap<Long, OpenFiles> openFiles = new TreeMap<>();
    private volatile Map<Integer, Long> published = Map.of();
    private volatile int recovered;

    /**
     * What the writer holds at a checkpoint.
     *
     * @param since the checkpoint after which the oldest file was opened, or this one if there is
     *     none
     * @param recovered how many of the files were restored
     */
    private record OpenFiles(long since, int recovered) {}

    private PublishedOffsets(String task) {
        this.task = task;
    }

    /** Those of the task that an operator's metrics belong to. */
    public static PublishedOffsets of(MetricGroup operator) {
        String task =
                operator.getAllVariables().getOrDefault(ScopeFormat.SCOPE_TASK_ATTEMPT_ID, "");
        return TASKS.computeIfAbsent(task, PublishedOffsets::new);
    }

    /**
     * A partition is read from now on.
     *
     * @param offset the first that is read; negative where that is not known yet
     */
    public void begin(int partition, long offset, MetricGroup metrics) {
        if (starts.put(partition, Math.max(0, offset)) == null) {
            metrics.addGroup("partition", Integer.toString(partition))
                    .gauge("publishedTo", () -> publishedTo(partition));
        }
    }

    /**
     * The reader takes part in a checkpoint.
     *
     * @param next by partition, the offset after the last record that was read
     */
    public void read(long checkpoint, Map<Integer, Long> next) {
        Map<Integer, Long> now = new HashMap<>();
        next.forEach((partition, offset) -> now.put(partition, Math.max(0, offset)));
        positions.put(checkpoint, now);
        if (positions.size() > MAX_POSITIONS) {
            boolean[] forgets = {false};
            positions.keySet().removeIf(any -> forgets[0] = !forgets[0]);
        }
    }

    /** Files that the writer goes on with; to be called before any checkpoint. */
    void recover(int files, MetricGroup metrics) {
        recovered = files;
        metrics.gauge("recoveredPartFiles", () -> recovered);
    }

    /** The writer takes part in a checkpoint; see {@link OpenFiles}. */
    void open(long checkpoint, long since, int recoveredFiles) {
        openFiles.put(checkpoint, new OpenFiles(since, recoveredFiles));
    }

    /** A checkpoint is complete, and the sinks have published what it ended. */
    public void complete(long checkpoint) {
        OpenFiles open = openFiles.get(checkpoint);
        openFiles.headMap(checkpoint, true).clear();
        if (open == null) {
            return;
        }
        recovered = open.recovered();
        Map.Entry<Long, Map<Integer, Long>> position = positions.floorEntry(open.since());
        if (position != null) {
            Map<Integer, Long> later = new HashMap<>(published);
            later.putAll(position.getValue());
            published = Map.copyOf(later);
            positions.headMap(position.getKey(), false).clear();
        }
    }

    /** The first offset of a partition that may not be published yet. */
    long publishedTo(int partition) {
        return Math.max(starts.getOrDefault(partition, 0L), published.getOrDefault(partition, 0L));
    }

    /** The task ends. */
    @Override
    public void close() {
        TASKS.remove(task, this);
    }
}
