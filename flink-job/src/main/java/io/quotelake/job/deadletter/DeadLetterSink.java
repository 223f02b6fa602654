package io.quotelake.job.deadletter;

import java.io.IOException;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink.PrecommittingStatefulSinkWriter;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPostCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.lineage.LineageVertex;
import org.apache.flink.streaming.api.lineage.LineageVertexProvider;

/**
 * Dead letters into Kafka, exactly once: KafkaSink, and its writer's Admin client closed with it.
 *
 * <p>With pooled transaction names the writer of flink-connector-kafka 5.0.0
 * (ExactlyOnceKafkaWriter) lists open transactions with an Admin client that it never closes. Each
 * start of a job would leave a thread behind, with the job's class loader. (One that fails while it
 * starts still keeps its own.)
 */
public final class DeadLetterSink
        implements Sink<DeadLetter>,
                SupportsWriterState<DeadLetter, KafkaWriterState>,
                SupportsCommitter<KafkaCommittable>,
                SupportsPostCommitTopology<KafkaCommittable>,
                LineageVertexProvider {

    private static final long serialVersionUID = 1L;

    private final KafkaSink<DeadLetter> sink;

    /**
     * @param sink exactly once
     */
    public DeadLetterSink(KafkaSink<DeadLetter> sink) {
        this.sink = sink;
    }

    @Override
    public SinkWriter<DeadLetter> createWriter(WriterInitContext context) throws IOException {
        return restoreWriter(context, List.of());
    }

    @Override
    public StatefulSinkWriter<DeadLetter, KafkaWriterState> restoreWriter(
            WriterInitContext context, Collection<KafkaWriterState> state) throws IOException {
        return new Writer(sink.restoreWriter(context, state));
    }

    @Override
    public SimpleVersionedSerializer<KafkaWriterState> getWriterStateSerializer() {
        return sink.getWriterStateSerializer();
    }

    @Override
    public Committer<KafkaCommittable> createCommitter(CommitterInitContext context) {
        return sink.createCommitter(context);
    }

    @Override
    public SimpleVersionedSerializer<KafkaCommittable> getCommittableSerializer() {
        return sink.getCommittableSerializer();
    }

    @Override
    public void addPostCommitTopology(DataStream<CommittableMessage<KafkaCommittable>> committed) {
        sink.addPostCommitTopology(committed);
    }

    @Override
    public LineageVertex getLineageVertex() {
        return sink.getLineageVertex();
    }

    private static final class Writer
            implements StatefulSinkWriter<DeadLetter, KafkaWriterState>,
                    CommittingSinkWriter<DeadLetter, KafkaCommittable> {

        private final PrecommittingStatefulSinkWriter<
                        DeadLetter, KafkaWriterState, KafkaCommittable>
                writer;

        Writer(
                PrecommittingStatefulSinkWriter<DeadLetter, KafkaWriterState, KafkaCommittable>
                        writer) {
            this.writer = writer;
        }

        @Override
        public void write(DeadLetter letter, Context context)
                throws IOException, InterruptedException {
            writer.write(letter, context);
        }

        @Override
        public void flush(boolean endOfInput) throws IOException, InterruptedException {
            writer.flush(endOfInput);
        }

        @Override
        public Collection<KafkaCommittable> prepareCommit()
                throws IOException, InterruptedException {
            return writer.prepareCommit();
        }

        @Override
        public List<KafkaWriterState> snapshotState(long checkpointId) throws IOException {
            return writer.snapshotState(checkpointId);
        }

        @Override
        public void close() throws Exception {
            try (AutoCloseable admin = adminClient()) {
                writer.close();
            }
        }

        /** Null if the writer has made none. */
        private AutoCloseable adminClient() throws ReflectiveOperationException {
            Field field = writer.getClass().getDeclaredField("adminClient");
            field.setAccessible(true);
            return (AutoCloseable) field.get(writer);
        }
    }
}
