package io.quotelake.job.source;

import io.quotelake.job.task.Refusal;
import java.util.Locale;
import java.util.function.LongConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges a position that the log may no longer have.
 *
 * <ul>
 *   <li>Records before the first retained offset are lost: the job ends, or goes on at that offset
 *       ({@link OnDataLoss}).
 *   <li>A log that ends before the position has lost records that the job has read, and will give
 *       their offsets to new ones: no offset to go on at is right, and the job ends.
 * </ul>
 */
final class PositionJudge {

    private static final Logger LOG = LoggerFactory.getLogger(PositionJudge.class);

    private final OnDataLoss onDataLoss;
    private final LongConsumer lostRecords;

    /**
     * @param lostRecords told how many records are skipped
     */
    PositionJudge(OnDataLoss onDataLoss, LongConsumer lostRecords) {
        this.onDataLoss = onDataLoss;
        this.lostRecords = lostRecords;
    }

    /**
     * Where to go on.
     *
     * @throws Refusal if the job must not go on
     */
    long next(TopicPartition partition, long position, TopicLog.Retained log) {
        if (position < log.first()) {
            lose(partition, position, log.first());
            return log.first();
        }
        if (position > log.end()) {
            throw cutOff(partition, position, log.end());
        }
        return position;
    }

    private void lose(TopicPartition partition, long position, long first) {
        String what =
                String.format(
                        Locale.ROOT,
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
        lostRecords.accept(first - position);
        LOG.warn("Lost: {}; the job goes on at offset {} (--on-data-loss skip).", what, first);
    }

    private static Refusal cutOff(TopicPartition partition, long position, long end) {
        return new Refusal(
                String.format(
                        Locale.ROOT,
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
