package io.quotelake.job.source;

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
 * Reads partitions as the connector does, and lets {@link PositionJudge} say where to go on when
 * the topic no longer has a position.
 *
 * <p>All of it happens in the fetcher's thread. Offsets that a compaction or a transaction left
 * without a record are no loss: the brokers pass over them.
 */
final class CheckedSplitReader extends KafkaPartitionSplitReader {

    private static final Logger LOG = LoggerFactory.getLogger(CheckedSplitReader.class);

    private final KafkaConsumer<?, ?> consumer;
    private final TopicLog log;
    private final ReadProgress progress;
    private final PositionJudge judge;

    /** Where the next poll begins; replaced and never changed, as the task's thread reads it. */
    private Map<TopicPartition, Long> positions = Map.of();

    CheckedSplitReader(
            Properties properties,
            SourceReaderContext context,
            ReaderMetrics metrics,
            TopicLog log,
            ReadProgress progress,
            PositionJudge judge) {
        super(properties, context, metrics);
        this.consumer = metrics.consumer();
        this.log = log;
        this.progress = progress;
        this.judge = judge;
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
        Map<TopicPartition, Long> next = new HashMap<>(positions);
        retained.forEach(
                (partition, offsets) ->
                        next.put(
                                partition,
                                judge.next(
                                        partition,
                                        positions.get(partition),
                                        withoutReplacedEnd(failure, partition, offsets))));
        // Whatever the failed poll had already taken from other partitions is read again.
        for (TopicPartition partition : consumer.assignment()) {
            consumer.seek(partition, next.get(partition));
        }
        positions = next;
    }

    /** After a truncation new records may have taken the place of those that were read. */
    private static TopicLog.Retained withoutReplacedEnd(
            OffsetOutOfRangeException failure,
            TopicPartition partition,
            TopicLog.Retained offsets) {
        if (!(failure instanceof LogTruncationException truncation)) {
            return offsets;
        }
        OffsetAndMetadata divergent = truncation.divergentOffsets().get(partition);
        return new TopicLog.Retained(
                offsets.first(), divergent == null ? offsets.first() : divergent.offset());
    }
}
