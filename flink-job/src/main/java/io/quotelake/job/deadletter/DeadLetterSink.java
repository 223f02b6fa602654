package io.quotelake.job.deadletter;

import io.quotelake.job.owner.RoundCounter;
import io.quotelake.job.owner.Rounds;
import io.quotelake.job.owner.Run;
import io.quotelake.job.owner.SavedState;
import io.quotelake.job.owner.SharedOwner;
import io.quotelake.job.quote.DeadLetter;
import io.quotelake.s3.S3Options;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.InitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPostCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.lineage.LineageVertex;
import org.apache.flink.streaming.api.lineage.LineageVertexProvider;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Dead letters into Kafka, exactly once: KafkaSink around what happens to a topic and its brokers.
 * Letters are cut to what the topic takes when the task starts; a task starts only where letters
 * can be written; its end throws nothing ({@link DeadLetterWriter}); and what the brokers drop by
 * their own rule is counted and named ({@link DeadLetterCommitter}).
 */
public final class DeadLetterSink
        implements Sink<DeadLetter>,
                SupportsWriterState<DeadLetter, DeadLetterState>,
                SupportsCommitter<DeadLetterTransaction>,
                SupportsPostCommitTopology<DeadLetterTransaction>,
                LineageVertexProvider {

    private static final long serialVersionUID = 3L;

    /**
     * Takes our own headers with the longest detail and topic's name, and the word that a letter
     * was cut: a topic whose {@code max.message.bytes} is less takes no dead letter.
     */
    public static final int LEAST_MESSAGE_BYTES = 4096;

    private final Run run;
    private final S3Options s3;
    private final Properties producer;
    private final String topic;
    private final String transactionalIdPrefix;
    private final int maxMessageBytes;

    /**
     * @param run whose table the letters belong to
     * @param s3 how the table's owner object is reached; null for what the process's configuration
     *     says
     * @param producer properties of the Kafka producer, with its brokers, {@code
     *     transaction.timeout.ms} and {@code max.request.size}
     * @param topic the dead letters' own
     * @param transactionalIdPrefix begins the name of no other job's transactions
     * @param maxMessageBytes the topic's {@code max.message.bytes}; where the topic takes less by
     *     the time that a task starts, that holds
     */
    public DeadLetterSink(
            Run run,
            S3Options s3,
            Properties producer,
            String topic,
            String transactionalIdPrefix,
            int maxMessageBytes) {
        this.run = run;
        this.s3 = s3;
        this.producer = producer;
        this.topic = topic;
        this.transactionalIdPrefix = transactionalIdPrefix;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** The sentence about a topic whose limit is less than {@link #LEAST_MESSAGE_BYTES}. */
    public static String tooSmall(String topic, int maxMessageBytes) {
        return String.format(
                Locale.ROOT,
                "the topic %s takes records of at most %d bytes (max.message.bytes), and a dead"
                        + " letter needs up to %d; raise it, or name another topic with"
                        + " --dead-letter-topic",
                topic,
                maxMessageBytes,
                LEAST_MESSAGE_BYTES);
    }

    private KafkaSink<DeadLetter> sink(int maxContentBytes) {
        return KafkaSink.<DeadLetter>builder()
                .setKafkaProducerConfig(producer)
                .setBootstrapServers(producer.getProperty(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG))
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(transactionalIdPrefix)
                // A few names used again and again, instead of a new one a checkpoint.
                .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
                .setRecordSerializer(new DeadLetterSerializer(topic, maxContentBytes))
                .build();
    }

    private KafkaSink<DeadLetter> sink() {
        return sink(maxMessageBytes);
    }

    private Duration transactionTimeout() {
        return Duration.ofMillis(
                Long.parseLong(producer.getProperty(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG)));
    }

    private DeadLetterTopic topic() {
        return new DeadLetterTopic(producer, topic);
    }

    @Override
    public SinkWriter<DeadLetter> createWriter(WriterInitContext context) throws IOException {
        return restoreWriter(context, List.of());
    }

    @Override
    public StatefulSinkWriter<DeadLetter, DeadLetterState> restoreWriter(
            WriterInitContext context, Collection<DeadLetterState> state) throws IOException {
        begin(context, state);
        int subtask = context.getTaskInfo().getIndexOfThisSubtask();
        topic().checkWritable(transactionalIdPrefix + "check-" + subtask);
        KafkaSink<DeadLetter> sink = sink(topic().mostContent(maxMessageBytes));
        ObservedContext observed = new ObservedContext(context);
        return new DeadLetterWriter(
                sink.restoreWriter(observed, state.stream().map(DeadLetterState::kafka).toList()),
                observed,
                transactionTimeout(),
                run.token(),
                new RoundCounter(run, subtask, context.getRestoredCheckpointId()));
    }

    /**
     * The table must belong to this run before the connector aborts what it finds open under the
     * job's name: that may be another run's.
     */
    private void begin(InitContext context, Collection<DeadLetterState> state) throws IOException {
        String told = state.stream().map(DeadLetterState::run).findFirst().orElse("");
        try (SharedOwner shared = openOwner(context)) {
            shared.owner().begin(SavedState.of(told, context.getRestoredCheckpointId()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    private SharedOwner openOwner(InitContext context) {
        return SharedOwner.open(run, context.getJobInfo().getJobId().toString(), s3);
    }

    @Override
    public SimpleVersionedSerializer<DeadLetterState> getWriterStateSerializer() {
        return new DeadLetterStateSerializer(sink().getWriterStateSerializer());
    }

    @Override
    public Committer<DeadLetterTransaction> createCommitter(CommitterInitContext context) {
        return new DeadLetterCommitter(
                sink().createCommitter(context),
                new Rounds(run, openOwner(context), context.getRestoredCheckpointId()),
                topic(),
                transactionTimeout(),
                context.metricGroup());
    }

    @Override
    public SimpleVersionedSerializer<DeadLetterTransaction> getCommittableSerializer() {
        return new DeadLetterTransactionSerializer(sink().getCommittableSerializer());
    }

    /** The connector keeps writer and committer in one place; it looks at no committable there. */
    @Override
    @SuppressWarnings({"unchecked", "rawtypes"})
    public void addPostCommitTopology(
            DataStream<CommittableMessage<DeadLetterTransaction>> committed) {
        DataStream raw = committed;
        sink().addPostCommitTopology((DataStream<CommittableMessage<KafkaCommittable>>) raw);
    }

    @Override
    public LineageVertex getLineageVertex() {
        return sink().getLineageVertex();
    }
}
