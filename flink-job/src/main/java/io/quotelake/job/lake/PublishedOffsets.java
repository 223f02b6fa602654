package io.quotelake.job.lake;

import io.quotelake.job.owner.Reached;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.connector.file.sink.writer.FileWriterBucketState;
import org.apache.flink.core.fs.Path;
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
 * <p>Files that are open at a checkpoint go on after a restart. From which offsets on they may hold
 * rows is then in the writer's state, as the state of a bucket that has no file.
 *
 * <p>Where reader and writer are not chained into one task, nothing ever counts as published.
 * Metrics: gauges {@code partition.N.publishedTo}, and {@code recoveredPartFiles}, files that go on
 * of which nobody knows which rows they hold, because the state is older than this class or the
 * parallelism has changed. While there are such files no {@code publishedTo} holds, in any task.
 *
 * <p>All methods belong to the task's thread; gauges are read by others.
 */
public final class PublishedOffsets implements AutoCloseable {

    private static final Map<String, PublishedOffsets> TASKS = new ConcurrentHashMap<>();

    /** Stands for the time before the first checkpoint; Flink's ids begin at 1. */
    static final long BEFORE_CHECKPOINTS = 0;

    /** More checkpoints than this in the life of a file, and every second one is forgotten. */
    private static final int MAX_POSITIONS = 1_024;

    /** How the name of a bucket begins that stands for offsets in the writer's state. */
    private static final String MARK = "~";

    private final String task;
    private final Set<Integer> gauges = new HashSet<>();
    private final Map<Integer, Long> starts = new ConcurrentHashMap<>();
    private final NavigableMap<Long, Map<Integer, Long>> positions = new TreeMap<>();
    private final NavigableMap<Long, OpenFiles> openFiles = new TreeMap<>();
    private volatile Map<Integer, Long> published = Map.of();
    private volatile int recovered;
    private volatile boolean goesOn;
    private boolean isTraced;
    private Path table;
    private int subtask;
    private int parallelism;
    private long completed;
    private Map<Integer, Long> readTo = Map.of();

    /**
     * What the writer holds at a checkpoint.
     *
     * @param since the checkpoint after which the oldest file was opened, or this one if there is
     *     none
     * @param recovered how many of the files were restored, and hold nobody knows which rows
     * @param restored how many were restored
     */
    private record OpenFiles(long since, int recovered, int restored) {}

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
        starts.put(partition, Math.max(0, offset));
        begin(partition, metrics);
    }

    private void begin(int partition, MetricGroup metrics) {
        if (gauges.add(partition)) {
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
        if (positions.size() >= MAX_POSITIONS) {
            boolean[] forgets = {false};
            positions.keySet().removeIf(any -> forgets[0] = !forgets[0]);
        }
        positions.put(checkpoint, now);
    }

    /**
     * Takes what {@link #open} gave out of the writer's state.
     *
     * @param state of this class and of buckets
     * @param subtask the task's index
     * @param parallelism how many tasks there are
     * @return that of buckets
     */
    List<FileWriterBucketState> restore(
            Collection<FileWriterBucketState> state, Path table, int subtask, int parallelism) {
        this.table = table;
        this.subtask = subtask;
        this.parallelism = parallelism;
        List<FileWriterBucketState> buckets = new ArrayList<>();
        Map<Integer, Long> restored = new HashMap<>();
        for (FileWriterBucketState element : state) {
            if (!element.getBucketId().startsWith(MARK)) {
                buckets.add(element);
                continue;
            }
            String[] words = element.getBucketId().substring(MARK.length()).split(" ");
            // In another parallelism the files of a task may be with one, and this with another.
            isTraced |= parallelism == 1 || words[0].equals(place());
            for (int i = 1; i < words.length; i++) {
                String[] offset = words[i].split(":");
                restored.merge(Integer.valueOf(offset[0]), Long.valueOf(offset[1]), Math::min);
            }
        }
        if (isTraced) {
            positions.put(BEFORE_CHECKPOINTS, restored);
            published = Map.copyOf(restored);
        }
        return buckets;
    }

    private String place() {
        return subtask + "/" + parallelism;
    }

    /** Files that go on of which nobody knows which rows they hold. */
    int recovered() {
        return recovered;
    }

    private Optional<FileWriterBucketState> saved(OpenFiles open) {
        Map<Integer, Long> offsets = new TreeMap<>(starts);
        offsets.putAll(published);
        Map.Entry<Long, Map<Integer, Long>> position = positions.floorEntry(open.since());
        if (position != null) {
            offsets.putAll(position.getValue());
        }
        StringBuilder name = new StringBuilder(MARK + place());
        offsets.forEach(
                (partition, offset) ->
                        name.append(' ').append(partition).append(':').append(offset));
        return Optional.of(new FileWriterBucketState(name.toString(), table, Long.MAX_VALUE, null));
    }

    /** Files that the writer goes on with; to be called before any checkpoint. */
    void recover(int files, MetricGroup metrics) {
        goesOn = files > 0;
        recovered = isTraced ? 0 : files;
        metrics.gauge("recoveredPartFiles", () -> recovered);
        published.keySet().forEach(partition -> begin(partition, metrics));
    }

    /**
     * The writer takes part in a checkpoint; see {@link OpenFiles}.
     *
     * @return what belongs into its state; nothing where no file is open, or nothing is known
     */
    Optional<FileWriterBucketState> open(long checkpoint, long since, int restored) {
        OpenFiles open = new OpenFiles(since, isTraced ? 0 : restored, restored);
        openFiles.put(checkpoint, open);
        return since == checkpoint || open.recovered() > 0 ? Optional.empty() : saved(open);
    }

    /** A checkpoint is complete, and the sinks have published what it ended. */
    public void complete(long checkpoint) {
        OpenFiles open = openFiles.get(checkpoint);
        openFiles.headMap(checkpoint, true).clear();
        if (open == null) {
            return;
        }
        recovered = open.recovered();
        goesOn = open.restored() > 0;
        completed = checkpoint;
        readTo = positions.getOrDefault(checkpoint, Map.of());
        Map.Entry<Long, Map<Integer, Long>> position = positions.floorEntry(open.since());
        if (position != null) {
            Map<Integer, Long> later = new HashMap<>(published);
            later.putAll(position.getValue());
            published = Map.copyOf(later);
            positions.headMap(position.getKey(), false).clear();
        }
    }

    /**
     * The first offset of a partition that may not be published yet. A partition that another task
     * reads counts here only as long as files go on that may hold rows of it.
     */
    long publishedTo(int partition) {
        Long start = starts.get(partition);
        if (start == null && !goesOn) {
            return Long.MAX_VALUE;
        }
        return published.getOrDefault(partition, start == null ? 0 : start);
    }

    /**
     * How far the last complete checkpoint of this task takes the table.
     *
     * @return nothing while there is none, and while nobody knows which rows files hold
     */
    Optional<Reached> reached() {
        if (completed == BEFORE_CHECKPOINTS || recovered > 0) {
            return Optional.empty();
        }
        Map<Integer, Long> publishedTo = new TreeMap<>();
        for (int partition : gauges) {
            long offset = publishedTo(partition);
            if (offset < Long.MAX_VALUE) {
                publishedTo.put(partition, offset);
            }
        }
        return Optional.of(new Reached(subtask, parallelism, completed, publishedTo, readTo));
    }

    /** The task ends. */
    @Override
    public void close() {
        TASKS.remove(task, this);
    }
}
