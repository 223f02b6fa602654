package io.quotelake.job.source;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumerator;
import org.apache.flink.connector.kafka.source.enumerator.initializer.NoStoppingOffsetsInitializer;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.enumerator.subscriber.KafkaSubscriber;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * One Kafka topic, read committed, of which nothing is lost or mixed up in silence.
 *
 * <p>This is Flink's KafkaSource with its parts put together anew: its enumerator, reader, splits
 * and state as they are, with checks around them. KafkaSource itself lets Kafka's consumer choose
 * another position where the topic no longer has the wanted one, and knows a topic by its name
 * only. Positions that the topic doesn't have are judged by {@link CheckedSplitReader}; a topic
 * that was deleted and created anew is found by {@link TopicEnumerator}, and kept out of every
 * checkpoint by {@link CheckedReader}. Each ends the job with a {@link
 * io.quotelake.job.task.Refusal}.
 */
public final class TopicSource
        implements Source<SourceRecord, KafkaPartitionSplit, TopicState>,
                ResultTypeQueryable<SourceRecord> {

    private static final long serialVersionUID = 1L;

    private final TopicIdentity topic;
    private final StartingOffsets start;
    private final boolean stopsAtLatest;
    private final OnDataLoss onDataLoss;
    private final Properties properties;
    private final SourceRecordDeserializer deserializer = new SourceRecordDeserializer();

    /**
     * @param topic as it was when the job was submitted
     * @param start where a run without a checkpoint begins
     * @param stopsAtLatest whether the source ends where the topic ended at the start
     * @param kafkaProperties of the consumer, with bootstrap servers and group
     */
    public TopicSource(
            TopicIdentity topic,
            StartingOffsets start,
            boolean stopsAtLatest,
            OnDataLoss onDataLoss,
            Properties kafkaProperties) {
        this.topic = topic;
        this.start = start;
        this.stopsAtLatest = stopsAtLatest;
        this.onDataLoss = onDataLoss;
        this.properties = new Properties();
        properties.putAll(kafkaProperties);
        properties.putIfAbsent(
                KafkaSourceOptions.CLIENT_ID_PREFIX.key(),
                properties.getProperty(ConsumerConfig.GROUP_ID_CONFIG));
        String bytes = ByteArrayDeserializer.class.getName();
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, bytes);
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, bytes);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        if (stopsAtLatest) {
            properties.put(KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key(), "-1");
        }
    }

    @Override
    public Boundedness getBoundedness() {
        return stopsAtLatest ? Boundedness.BOUNDED : Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SourceReader<SourceRecord, KafkaPartitionSplit> createReader(
            SourceReaderContext context) {
        ReaderMetrics metrics = new ReaderMetrics(context.metricGroup());
        ReadProgress progress = new ReadProgress();
        TopicLog log =
                new TopicLog(topic, properties, context.getIndexOfSubtask() + "-admin-client");
        return new CheckedReader(
                topic,
                log,
                progress,
                () ->
                        new CheckedSplitReader(
                                properties,
                                context,
                                metrics,
                                log,
                                progress,
                                new PositionJudge(onDataLoss, metrics::lost)),
                deserializer,
                configuration(),
                context,
                metrics);
    }

    private Configuration configuration() {
        Configuration configuration = new Configuration();
        for (String name : properties.stringPropertyNames()) {
            configuration.setString(name, properties.getProperty(name));
        }
        return configuration;
    }

    @Override
    public SplitEnumerator<KafkaPartitionSplit, TopicState> createEnumerator(
            SplitEnumeratorContext<KafkaPartitionSplit> context) {
        return enumerator(context, null);
    }

    @Override
    public SplitEnumerator<KafkaPartitionSplit, TopicState> restoreEnumerator(
            SplitEnumeratorContext<KafkaPartitionSplit> context, TopicState state) {
        return enumerator(context, state);
    }

    private TopicEnumerator enumerator(
            SplitEnumeratorContext<KafkaPartitionSplit> context, TopicState state) {
        KafkaSourceEnumState partitions =
                state == null
                        ? new KafkaSourceEnumState(List.of(), List.of(), false)
                        : state.partitions();
        return new TopicEnumerator(
                topic,
                state,
                new TopicLog(topic, properties, "topic-admin-client"),
                new KafkaSourceEnumerator(
                        KafkaSubscriber.getTopicListSubscriber(List.of(topic.name())),
                        start,
                        stopsAtLatest
                                ? OffsetsInitializer.latest()
                                : new NoStoppingOffsetsInitializer(),
                        properties,
                        context,
                        getBoundedness(),
                        partitions),
                context,
                properties);
    }

    /** Checks that a state is of this topic. */
    void requireTopicOf(TopicState state) {
        state.requireOf(topic);
    }

    /** Checks that the topic has these positions, or that their loss is accepted. */
    void requirePositions(Map<TopicPartition, Long> positions) throws IOException {
        PositionJudge judge = new PositionJudge(onDataLoss, lost -> {});
        try (TopicLog log = new TopicLog(topic, properties, "resume-admin-client")) {
            log.retained(positions.keySet())
                    .forEach(
                            (partition, retained) ->
                                    judge.next(partition, positions.get(partition), retained));
        }
    }

    @Override
    public SimpleVersionedSerializer<KafkaPartitionSplit> getSplitSerializer() {
        return new KafkaPartitionSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<TopicState> getEnumeratorCheckpointSerializer() {
        return new TopicStateSerializer();
    }

    @Override
    public TypeInformation<SourceRecord> getProducedType() {
        return deserializer.getProducedType();
    }
}
