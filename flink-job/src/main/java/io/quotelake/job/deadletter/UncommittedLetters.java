package io.quotelake.job.deadletter;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.util.TimeUtils;

/**
 * The transactions that wait for a checkpoint to complete, and since when. Checkpoints that fail
 * one after another keep them open, until the brokers end them by their own rule; a checkpoint that
 * completes after that has lost them. Going back to the checkpoint before, in time, loses nothing:
 * the records are read again.
 */
final class UncommittedLetters {

    /** What a transaction may have used of its timeout when one more checkpoint begins. */
    private static final double MAX_USED = 2.0 / 3;

    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Duration transactionTimeout;
    private final LongSupplier nanoTime;

    /**
     * @param nanoTime as of {@link System#nanoTime}
     */
    UncommittedLetters(Duration transactionTimeout, LongSupplier nanoTime) {
        this.transactionTimeout = transactionTimeout;
        this.nanoTime = nanoTime;
    }

    /**
     * @param began when its first letter was written, by the clock given
     */
    void add(DeadLetterTransaction transaction, long began) {
        waiting.add(new Waiting(transaction, began));
    }

    /**
     * Called before each checkpoint.
     *
     * @throws IOException if the next checkpoint may come too late for a transaction
     */
    void check() throws IOException {
        waiting.removeIf(Waiting::isOver);
        Waiting oldest = waiting.peek();
        if (oldest == null) {
            return;
        }
        Duration age = Duration.ofNanos(nanoTime.getAsLong() - oldest.began());
        if (age.toMillis() > transactionTimeout.toMillis() * MAX_USED) {
            throw new IOException(
                    String.format(
                            Locale.ROOT,
                            "%s wait %d s for a checkpoint to complete, and brokers drop them after"
                                    + " transaction.timeout.ms=%s: the job goes back to its last"
                                    + " checkpoint and reads their records again. See why"
                                    + " checkpoints fail.",
                            oldest.transaction().description(),
                            age.toSeconds(),
                            TimeUtils.formatWithHighestUnit(transactionTimeout)));
        }
    }

    private record Waiting(DeadLetterTransaction transaction, long began) {

        /**
         * Committed, or given up: the connector uses its producer again only after a checkpoint.
         */
        boolean isOver() {
            KafkaCommittable kafka = transaction.kafka();
            return kafka.getProducer()
                    .map(producer -> producer.isClosed() || !producer.isInTransaction())
                    .orElse(true);
        }
    }
}
