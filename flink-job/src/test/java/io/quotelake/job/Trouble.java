package io.quotelake.job;

import io.quotelake.job.source.SourceRecord;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Hands records on, and fails where the test wants, once a first checkpoint has completed. */
final class Trouble extends AbstractStreamOperator<SourceRecord>
        implements OneInputStreamOperator<SourceRecord, SourceRecord> {

    private static final long serialVersionUID = 1L;

    /** Where a task can fail. */
    enum Place {
        NOWHERE,
        INITIALIZE,
        OPEN,
        RECORD,
        /** As RECORD, in the first task only. */
        RECORD_OF_ONE_TASK,
        SNAPSHOT,
        CHECKPOINT_COMPLETE,
        /** Only what drains comes there. */
        FINISH
    }

    /** Of this process: the cluster of the tests runs in it. */
    static volatile Place place = Place.NOWHERE;

    /** How many completed checkpoints the tasks were told of. */
    static final AtomicInteger CHECKPOINTS = new AtomicInteger();

    /** How often a task has failed. */
    static final AtomicInteger FAILURES = new AtomicInteger();

    /** Which tasks have begun more than once, by their number. */
    static final Set<Integer> RESTARTED = ConcurrentHashMap.newKeySet();

    private void failAt(Place here) {
        boolean isStart = here == Place.INITIALIZE || here == Place.OPEN;
        if (place == here && (isStart || CHECKPOINTS.get() > 1)) {
            FAILURES.incrementAndGet();
            throw new IllegalStateException("the failure of this test: " + here);
        }
    }

    private int task() {
        return getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        if (getRuntimeContext().getTaskInfo().getAttemptNumber() > 0) {
            RESTARTED.add(task());
        }
        failAt(Place.INITIALIZE);
    }

    @Override
    public void open() throws Exception {
        super.open();
        failAt(Place.OPEN);
    }

    @Override
    public void processElement(StreamRecord<SourceRecord> record) {
        failAt(Place.RECORD);
        if (task() == 0) {
            failAt(Place.RECORD_OF_ONE_TASK);
        }
        output.collect(record);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        failAt(Place.SNAPSHOT);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        super.notifyCheckpointComplete(checkpointId);
        CHECKPOINTS.incrementAndGet();
        failAt(Place.CHECKPOINT_COMPLETE);
    }

    @Override
    public void finish() throws Exception {
        super.finish();
        failAt(Place.FINISH);
    }
}
