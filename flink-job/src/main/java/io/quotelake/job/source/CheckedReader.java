package io.quotelake.job.source;

import io.quotelake.job.task.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.synchronization.FutureCompletingBlockingQueue;
import org.apache.flink.connector.kafka.source.reader.KafkaRecordEmitter;
import org.apache.flink.connector.kafka.source.reader.KafkaSourceReader;
import org.apache.flink.connector.kafka.source.reader.fetcher.KafkaSourceFetcherManager;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitState;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connector's reader, which knows a position of every partition from the start, and completes
 * no checkpoint with records of another topic under the same name: ids never come back, so what was
 * emitted before the brokers named the right one was of the right one.
 */
final class CheckedReader extends KafkaSourceReader<SourceRecord> {

    private static final Logger LOG = LoggerFactory.getLogger(CheckedReader.class);

    private final TopicIdentity topic;
    private final TopicLog log;
    private final ReadProgress progress;
    private boolean started;

    CheckedReader(
            TopicIdentity topic,
            TopicLog log,
            ReadProgress progress,
            Supplier<CheckedSplitReader> splitReaders,
            SourceRecordDeserializer deserializer,
            Configuration configuration,
            SourceReaderContext context,
            ReaderMetrics metrics) {
        this(
                new FutureCompletingBlockingQueue<>(),
                topic,
                log,
                progress,
                splitReaders,
                deserializer,
                configuration,
                context,
                metrics);
    }

    private CheckedReader(
            FutureCompletingBlockingQueue<RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>>>
                    queue,
            TopicIdentity topic,
            TopicLog log,
            ReadProgress progress,
            Supplier<CheckedSplitReader> splitReaders,
            SourceRecordDeserializer deserializer,
            Configuration configuration,
            SourceReaderContext context,
            ReaderMetrics metrics) {
        super(
                queue,
                new KafkaSourceFetcherManager(queue, splitReaders::get, finished -> {}),
                new KafkaRecordEmitter<>(deserializer),
                configuration,
                context,
                metrics);
        this.topic = topic;
        this.log = log;
        this.progress = progress;
    }

    @Override
    public void start() {
        started = true;
        super.start();
    }

    @Override
    public void addSplits(List<KafkaPartitionSplit> splits) {
        splits.forEach(
                split -> topic.requireRestored(new TopicIdentity(split.getTopic(), topic.id())));
        super.addSplits(withPositions(splits));
    }

    /**
     * Splits without a position are either of a partition that was added to the topic while the job
     * ran, all of whose records are to be read, or restored from a state of version 0.1.0.
     */
    private List<KafkaPartitionSplit> withPositions(List<KafkaPartitionSplit> splits) {
        Set<TopicPartition> unknown =
                splits.stream()
                        .filter(split -> split.getStartingOffset() < 0)
                        .map(KafkaPartitionSplit::getTopicPartition)
                        .collect(Collectors.toSet());
        if (unknown.isEmpty()) {
            return splits;
        }
        Map<TopicPartition, Long> positions =
                started
                        ? unknown.stream()
                                .collect(Collectors.toMap(partition -> partition, p -> 0L))
                        : positionsOfOldState(splits, unknown);
        List<KafkaPartitionSplit> positioned = new ArrayList<>();
        for (KafkaPartitionSplit split : splits) {
            Long position = positions.get(split.getTopicPartition());
            positioned.add(position == null ? split : ReadProgress.at(split, position));
        }
        return positioned;
    }

    private Map<TopicPartition, Long> positionsOfOldState(
            List<KafkaPartitionSplit> splits, Set<TopicPartition> unknown) {
        try {
            Map<TopicPartition, Long> positions = log.firstOffsets(unknown);
            Set<TopicPartition> committed =
                    splits.stream()
                            .filter(
                                    split ->
                                            split.getStartingOffset()
                                                    == KafkaPartitionSplit.COMMITTED_OFFSET)
                            .map(KafkaPartitionSplit::getTopicPartition)
                            .collect(Collectors.toSet());
            if (!committed.isEmpty()) {
                positions.putAll(log.committedOffsets(committed));
            }
            LOG.info(
                    "The checkpoint or savepoint of an older version names no position for {}: these"
                            + " begin at {}.",
                    unknown,
                    positions);
            return positions;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public InputStatus pollNext(ReaderOutput<SourceRecord> output) throws Exception {
        try {
            return super.pollNext(output);
        } catch (RuntimeException e) {
            // The fetcher's thread throws it wrapped in two exceptions that say nothing.
            Optional<Refusal> refusal = ExceptionUtils.findThrowable(e, Refusal.class);
            if (refusal.isPresent()) {
                throw refusal.get();
            }
            throw e;
        }
    }

    @Override
    public List<KafkaPartitionSplit> snapshotState(long checkpointId) {
        if (progress.takeEmittedSinceCheck()) {
            try {
                log.requireSameTopic();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return super.snapshotState(checkpointId);
    }

    @Override
    protected KafkaPartitionSplit toSplitType(String splitId, KafkaPartitionSplitState state) {
        return progress.advance(super.toSplitType(splitId, state));
    }

    @Override
    public void close() throws Exception {
        try {
            super.close();
        } finally {
            log.close();
        }
    }
}
