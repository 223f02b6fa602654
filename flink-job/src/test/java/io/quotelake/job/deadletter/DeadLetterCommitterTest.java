package io.quotelake.job.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.metrics.testutils.MetricListener;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.Test;

/** What becomes of transactions is decided by brokers: the system's tests show that side. */
class DeadLetterCommitterTest {

    private final MetricListener metrics = new MetricListener();

    private DeadLetterCommitter committer(Committer<KafkaCommittable> kafka) {
        return new DeadLetterCommitter(
                kafka,
                new DeadLetterTopic(new Properties(), "dead"),
                Duration.ofMinutes(15),
                metrics.getMetricGroup());
    }

    private static DeadLetterTransaction transaction(int letters) {
        KafkaCommittable handle = new KafkaCommittable(1, (short) 0, "id", null);
        return new DeadLetterTransaction(handle, letters, "a-0@1", "a-0@9", 0, -1);
    }

    private long count(String name) {
        return metrics.getCounter(name).orElseThrow().getCount();
    }

    @Test
    void lettersOfATransactionThatTheBrokerEndedAreCounted() throws Exception {
        Request request = new Request(transaction(7));

        committer(new EndedByBroker()).commit(List.of(request));

        assertThat(request.signal).isEqualTo("known reason");
        assertThat(count("deadLettersLost")).isEqualTo(7);
        assertThat(count("deadLetterTransactionsLost")).isEqualTo(1);
    }

    @Test
    void aTransactionOfUnknownSizeCountsAsOneLetter() throws Exception {
        committer(new EndedByBroker()).commit(List.of(new Request(transaction(-1))));

        assertThat(count("deadLettersLost")).isEqualTo(1);
    }

    @Test
    void aCommitterThatCanNotBeClosedThrowsNothing() {
        DeadLetterCommitter committer = committer(new EndedByBroker());

        assertThatCode(committer::close).doesNotThrowAnyException();
    }

    /** A connector's committer whose transactions are gone. */
    private static final class EndedByBroker implements Committer<KafkaCommittable> {

        @Override
        public void commit(Collection<CommitRequest<KafkaCommittable>> requests) {
            requests.forEach(
                    request ->
                            request.signalFailedWithKnownReason(
                                    new ProducerFencedException("of this test")));
        }

        @Override
        public void close() throws IOException {
            throw new IOException("of this test");
        }
    }

    private static final class Request implements Committer.CommitRequest<DeadLetterTransaction> {

        private final DeadLetterTransaction transaction;
        private String signal = "none";

        Request(DeadLetterTransaction transaction) {
            this.transaction = transaction;
        }

        @Override
        public DeadLetterTransaction getCommittable() {
            return transaction;
        }

        @Override
        public int getNumberOfRetries() {
            return 0;
        }

        @Override
        public void signalFailedWithKnownReason(Throwable reason) {
            signal = "known reason";
        }

        @Override
        public void signalFailedWithUnknownReason(Throwable reason) {
            signal = "unknown reason";
        }

        @Override
        public void retryLater() {
            signal = "retry";
        }

        @Override
        public void updateAndRetryLater(DeadLetterTransaction changed) {
            signal = "retry";
        }

        @Override
        public void signalAlreadyCommitted() {
            signal = "committed";
        }
    }
}
