package io.quotelake.job.source;

import io.quotelake.job.Refusal;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.base.source.reader.RecordsBySplits;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.apache.flink.connector.kafka.source.reader.KafkaPartitionSplitReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads partitions as the connector does, and judges a position that the topic no longer has.
 *
 * <ul>
 *   <li>Records before the first retained offset are lost: the job ends, or goes on at that offset
 *       ({@link OnDataLoss}).
 *   <li>A log that ends before the position has lost records that the job has read, and will give
 *       their offsets to new ones: no offset to go on at is right, and the job ends.
 * </ul>
 *
 * <p>All of it happens in the fetcher's thread. Offsets that a compaction or a transaction left
 * without a record are no loss: the brokers pass over them.
 */
final class CheckedSplitReader extends KafkaPartitionSplitReader {

    private static final Logger LOG = LoggerFactory.getLogger(CheckedSplitReader.class);

    private final KafkaConsumer<?, ?> consumer;
    private final ReaderMetrics metrics;
    private final TopicLog log;
    private final ReadProgress progress;
    private final OnDataLoss onDataLoss;

    /** Where the next poll begins; replaced and never changed, as the task's thread reads it. */
    private Map<TopicPartition, Long> positions = Map.of();

    CheckedSplitReader(
            Properties properties,
            SourceReaderContext context,
            ReaderMetrics metrics,
            TopicLog log,
            ReadProgress progress,
            OnDataLoss onDataLoss) {
        super(properties, context, metrics);
        this.consumer = metrics.consumer();
        this.metrics = metrics;
        this.log = log;
        this.progress = progress;
        this.onDataLoss = onDataLoss;
    }

    @Override
    public void handleSplitsChanges(SplitsChange<KafkaPartitionSplit> change) {
        Map<TopicPartition, Long> known = new HashMap<>(positions);
        for (KafkaPartitionSplit split : change.splits()) {
            known.put(split.getTopicPartition(), split.getStartingOffset());
        }
        positions = known;
        super.handleSplitsChanges(change);
    }

    /** The records of one poll, and how far they take each partition. */
    @Override
    public PositionedRecords fetch() throws IOException {
        RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> records;
        try {
            records = super.fetch();
        } catch (OffsetOutOfRangeException e) {
            goOnAfter(e);
            return new PositionedRecords(
                    new RecordsBySplits<>(Map.of(), Set.of()), positions, progress);
        }
        Map<TopicPartition, Long> reached = new HashMap<>();
        for (TopicPartition partition : consumer.assignment()) {
            reached.put(partition, position(partition));
        }
        positions = reached;
        return new PositionedRecords(records, reached, progress);
    }

    private long position(TopicPartition partition) {
        while (true) {
            try {
                return consumer.position(partition);
            } catch (WakeupException e) {
                // Meant for a poll; whoever sent it has its answer with the end of this fetch.
                LOG.debug("Woken up while asking for a position.", e);
            }
        }
    }

    private void goOnAfter(OffsetOutOfRangeException failure) throws IOException {
        log.requireSameTopic();
        Map<TopicPartition, TopicLog.Retained> retained =
                log.retained(failure.offsetOutOfRangePartitions().keySet());
        Map<TopicPartition, OffsetAndMetadata> divergent =
                failure instanceof LogTruncationException truncation
                        ? truncation.divergentOffsets()
                        : Map.of();
        Map<TopicPartition, Long> next = new HashMap<>(positions);
        retained.forEach(
                (partition, offsets) -> {
                    long position = positions.get(partition);
                    long end =
                            divergent.containsKey(partition)
                                    ? divergent.get(partition).offset()
                                    : offsets.end();
                    if (position < offsets.first()) {
                        lose(partition, position, offsets.first());
                        next.put(partition, offsets.first());
                    } else if (position > end) {
                        throw cutOff(partition, position, end);
                    }
                });
        // Whatever the failed poll had already taken from other partitions is read again.
        for (TopicPartition partition : consumer.assignment()) {
            consumer.seek(partition, next.get(partition));
        }
        positions = next;
    }

    private void lose(TopicPartition partition, long position, long first) {
        String what =
                String.format(
                        "partition %d of the topic '%s' begins at offset %d, and the job wants"
                                + " offset %d: up to %d records (offsets %d to %d) were deleted"
                                + " before they were read",
                        partition.partition(),
                        partition.topic(),
                        first,
                        position,
                        first - position,
                        position,
                        first - 1);
        if (onDataLoss == OnDataLoss.FAIL) {
            throw new Refusal(what + "; to go on without them, add --on-data-loss skip");
        }
        metrics.lost(first - position);
        LOG.warn("Lost: {}; the job goes on at offset {} (--on-data-loss skip).", what, first);
    }

    private static Refusal cutOff(TopicPartition partition, long position, long end) {
        return new Refusal(
                String.format(
                        "partition %d of the topic '%s' ends at offset %d, and the job wants offset"
                                + " %d: the last %d records before it are gone from the topic, which"
                                + " gives their offsets to new records; %s",
                        partition.partition(),
                        partition.topic(),
                        end,
                        position,
                        position - end,
                        TopicIdentity.WAYS_OUT));
    }
}
