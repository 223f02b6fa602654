package io.quotelake.job.deadletter;

import io.quotelake.job.deadletter.DeadLetterTopic.Fate;
import io.quotelake.job.owner.Rounds;
import io.quotelake.job.owner.Stamp;
import io.quotelake.job.task.TaskEnd;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits the dead letters' transactions through the connector's committer, which drops without a
 * word a transaction that the broker has ended before: one that was open for longer than its
 * timeout. Here such a transaction is looked for in the topic, and what is lost of it is counted
 * and named.
 *
 * <p>Metrics: counters {@code deadLettersLost} (1 for a transaction of unknown size) and {@code
 * deadLetterTransactionsLost}, since the task's start.
 */
final class DeadLetterCommitter implements Committer<DeadLetterTransaction> {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterCommitter.class);

    private final Committer<KafkaCommittable> kafka;
    private final Rounds rounds;
    private final DeadLetterTopic topic;
    private final Duration transactionTimeout;
    private final Counter lettersLost;
    private final Counter transactionsLost;

    /**
     * @param rounds is closed with this
     */
    DeadLetterCommitter(
            Committer<KafkaCommittable> kafka,
            Rounds rounds,
            DeadLetterTopic topic,
            Duration transactionTimeout,
            MetricGroup metrics) {
        this.kafka = kafka;
        this.rounds = rounds;
        this.topic = topic;
        this.transactionTimeout = transactionTimeout;
        this.lettersLost = metrics.counter("deadLettersLost");
        this.transactionsLost = metrics.counter("deadLetterTransactionsLost");
    }

    @Override
    public void commit(Collection<CommitRequest<DeadLetterTransaction>> requests)
            throws IOException, InterruptedException {
        for (CommitRequest<DeadLetterTransaction> request : requests) {
            Stamp round = request.getCommittable().round();
            if (round != null) {
                rounds.claim(round);
            }
            kafka.commit(List.of(new KafkaRequest(request)));
        }
    }

    private void onEndedByBroker(DeadLetterTransaction transaction, Throwable reason) {
        Fate fate =
                transaction.offset() < 0
                        ? Fate.UNKNOWN
                        : topic.fateOf(transaction.partition(), transaction.offset());
        if (fate == Fate.COMMITTED) {
            LOG.info("{} were committed before.", transaction.description());
            return;
        }
        lettersLost.inc(Math.max(1, transaction.letters()));
        transactionsLost.inc();
        LOG.error(
                "Lost{}: {}. The broker had ended their transaction {} before it could be committed:"
                        + " it was open for longer than transaction.timeout.ms={}. The records are"
                        + " still in the source topic, and verify names each as missing; raise"
                        + " transaction.max.timeout.ms of the brokers to outlast longer outages.",
                fate == Fate.UNKNOWN ? ", it may be" : "",
                transaction.description(),
                transaction.kafka().getTransactionalId(),
                transactionTimeout.toMillis(),
                reason);
    }

    @Override
    public void close() {
        TaskEnd.close("The dead letters' committer", kafka, rounds);
    }

    /** A request as the connector's committer knows them. */
    private final class KafkaRequest implements CommitRequest<KafkaCommittable> {

        private final CommitRequest<DeadLetterTransaction> request;

        KafkaRequest(CommitRequest<DeadLetterTransaction> request) {
            this.request = request;
        }

        @Override
        public KafkaCommittable getCommittable() {
            return request.getCommittable().kafka();
        }

        @Override
        public int getNumberOfRetries() {
            return request.getNumberOfRetries();
        }

        @Override
        public void signalFailedWithKnownReason(Throwable reason) {
            onEndedByBroker(request.getCommittable(), reason);
            request.signalFailedWithKnownReason(reason);
        }

        @Override
        public void signalFailedWithUnknownReason(Throwable reason) {
            if (reason instanceof InvalidPidMappingException) {
                // The broker has forgotten the whole id (transactional.id.expiration.ms), as it
                // only
                // does when its transaction has ended. The connector would fail the job for ever.
                signalFailedWithKnownReason(reason);
            } else {
                request.signalFailedWithUnknownReason(reason);
            }
        }

        @Override
        public void retryLater() {
            request.retryLater();
        }

        @Override
        public void updateAndRetryLater(KafkaCommittable committable) {
            DeadLetterTransaction known = request.getCommittable();
            request.updateAndRetryLater(
                    new DeadLetterTransaction(
                            committable,
                            known.letters(),
                            known.firstSource(),
                            known.lastSource(),
                            known.partition(),
                            known.offset(),
                            known.round()));
        }

        @Override
        public void signalAlreadyCommitted() {
            request.signalAlreadyCommitted();
        }
    }
}
