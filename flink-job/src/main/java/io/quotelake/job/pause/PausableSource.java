package io.quotelake.job.pause;

import java.io.Serializable;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.watermark.WatermarkDeclaration;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Another source, of which nothing is read while there is a reason to pause.
 *
 * <p>It is how a sink in the same process holds back what it can't take before the next checkpoint:
 * the sink itself must not wait for one, because its own thread has to take it, and a task whose
 * source has nothing to read goes on with checkpoints. State and splits are the other source's own.
 */
public final class PausableSource<T, SplitT extends SourceSplit, StateT>
        implements Source<T, SplitT, StateT>, ResultTypeQueryable<T> {

    private static final long serialVersionUID = 1L;

    /** What reading pauses for; asked often, and by several threads. */
    public interface Reason extends Serializable {

        /** The reason in a sentence, with what to do about it; null while there is none. */
        String sentence();

        /** How much there is of what must become less before reading goes on. */
        long amount();
    }

    private final Source<T, SplitT, StateT> source;
    private final TypeInformation<T> type;
    private final Reason reasonToPause;

    /**
     * @param source reads
     * @param type of the records
     * @param reasonToPause asked once in a while, and during a pause until there is none
     */
    public PausableSource(
            Source<T, SplitT, StateT> source, TypeInformation<T> type, Reason reasonToPause) {
        this.source = source;
        this.type = type;
        this.reasonToPause = reasonToPause;
    }

    @Override
    public SourceReader<T, SplitT> createReader(SourceReaderContext context) throws Exception {
        Pause pause = new Pause(reasonToPause);
        context.metricGroup().gauge("readingPaused", () -> pause.isOn() ? 1 : 0);
        ReadingProgress progress =
                new ReadingProgress(
                        context.metricGroup().getIOMetricGroup().getNumRecordsInCounter());
        context.metricGroup()
                .gauge("checkpointsWithoutRecords", progress::checkpointsWithoutRecords);
        return new PausableReader<>(
                source.createReader(context), pause, progress, context.metricGroup());
    }

    @Override
    public Boundedness getBoundedness() {
        return source.getBoundedness();
    }

    @Override
    public SplitEnumerator<SplitT, StateT> createEnumerator(SplitEnumeratorContext<SplitT> context)
            throws Exception {
        return source.createEnumerator(context);
    }

    @Override
    public SplitEnumerator<SplitT, StateT> restoreEnumerator(
            SplitEnumeratorContext<SplitT> context, StateT state) throws Exception {
        return source.restoreEnumerator(context, state);
    }

    @Override
    public SimpleVersionedSerializer<SplitT> getSplitSerializer() {
        return source.getSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<StateT> getEnumeratorCheckpointSerializer() {
        return source.getEnumeratorCheckpointSerializer();
    }

    @Override
    public Set<? extends WatermarkDeclaration> declareWatermarks() {
        return source.declareWatermarks();
    }

    @Override
    public TypeInformation<T> getProducedType() {
        return type;
    }
}
