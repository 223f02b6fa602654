package io.quotelake.job.source;

import java.util.Map;
import java.util.Set;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The records of one poll, which tell {@link ReadProgress} when they have been emitted. */
final class PositionedRecords implements RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> {

    private final RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> records;
    private final Map<TopicPartition, Long> positions;
    private final ReadProgress progress;

    /**
     * @param positions where the next poll begins; not changed any more
     */
    PositionedRecords(
            RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> records,
            Map<TopicPartition, Long> positions,
            ReadProgress progress) {
        this.records = records;
        this.positions = positions;
        this.progress = progress;
    }

    @Override
    public String nextSplit() {
        String split = records.nextSplit();
        if (split != null) {
            progress.emitting();
        }
        return split;
    }

    @Override
    public ConsumerRecord<byte[], byte[]> nextRecordFromSplit() {
        return records.nextRecordFromSplit();
    }

    @Override
    public Set<String> finishedSplits() {
        return records.finishedSplits();
    }

    @Override
    public void recycle() {
        progress.emittedUpTo(positions);
        records.recycle();
    }
}
