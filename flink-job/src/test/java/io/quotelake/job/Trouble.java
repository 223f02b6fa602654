package io.quotelake.job;

import io.quotelake.job.source.SourceRecord;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;

/** Hands records on, and fails where the test wants, once a first checkpoint has completed. */
final class Trouble extends RichMapFunction<SourceRecord, SourceRecord>
        implements CheckpointedFunction, CheckpointListener {

    private static final long serialVersionUID = 1L;

    /** Where a task can fail. */
    enum Place {
        NOWHERE,
        INITIALIZE,
        OPEN,
        RECORD,
        SNAPSHOT,
        CHECKPOINT_COMPLETE
    }

    /** Of this process: the cluster of the tests runs in it. */
    static volatile Place place = Place.NOWHERE;

    /** How many completed checkpoints the tasks were told of. */
    static final AtomicInteger CHECKPOINTS = new AtomicInteger();

    /** How often a task has failed. */
    static final AtomicInteger FAILURES = new AtomicInteger();

    private static void failAt(Place here) {
        boolean isStart = here == Place.INITIALIZE || here == Place.OPEN;
        if (place == here && (isStart || CHECKPOINTS.get() > 1)) {
            FAILURES.incrementAndGet();
            throw new IllegalStateException("the failure of this test: " + here);
        }
    }

    @Override
    public void initializeState(FunctionInitializationContext context) {
        failAt(Place.INITIALIZE);
    }

    @Override
    public void open(OpenContext context) {
        failAt(Place.OPEN);
    }

    @Override
    public SourceRecord map(SourceRecord record) {
        failAt(Place.RECORD);
        return record;
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {
        failAt(Place.SNAPSHOT);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
        CHECKPOINTS.incrementAndGet();
        failAt(Place.CHECKPOINT_COMPLETE);
    }
}
