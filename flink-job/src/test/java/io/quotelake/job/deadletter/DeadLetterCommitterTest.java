package io.quotelake.job.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quotelake.job.TestBroker;
import io.quotelake.job.owner.Rounds;
import io.quotelake.job.owner.Run;
import io.quotelake.job.owner.SavedState;
import io.quotelake.job.owner.SharedOwner;
import io.quotelake.job.owner.Stamp;
import io.quotelake.job.task.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.internal.FlinkKafkaInternalProducer;
import org.apache.flink.connector.kafka.sink.internal.KafkaCommitter;
import org.apache.flink.metrics.testutils.MetricListener;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of transactions is decided by brokers: the system's tests show that side. */
class DeadLetterCommitterTest {

    @TempDir private Path folder;

    private final MetricListener metrics = new MetricListener();
    private Run run;
    private Rounds rounds;

    private DeadLetterCommitter committer(Committer<KafkaCommittable> kafka) {
        return new DeadLetterCommitter(
                kafka,
                rounds,
                new DeadLetterTopic(new Properties(), "dead"),
                Duration.ofMinutes(15),
                metrics.getMetricGroup());
    }

    @BeforeEach
    void openTable() {
        run = run("a");
        rounds = new Rounds(run, SharedOwner.open(run, "job-a", null), OptionalLong.empty());
    }

    @AfterEach
    void closeTable() throws Exception {
        rounds.close();
    }

    private Run run(String token) {
        return new Run(token, folder.toUri() + "table", "day", "t", null, false);
    }

    private DeadLetterTransaction transaction(int letters) {
        KafkaCommittable handle = new KafkaCommittable(1, (short) 0, "id", null);
        return new DeadLetterTransaction(
                handle, letters, "a-0@1", "a-0@9", 0, -1, new Stamp("a", 1, 0, run.table()));
    }

    @Test
    void aTransactionIsCommittedOnlyWhileTheTableBelongsToTheRun() throws Exception {
        try (SharedOwner other = SharedOwner.open(run("b"), "job-b", null)) {
            other.owner().begin(SavedState.NONE);
            Request request = new Request(transaction(7));

            assertThatThrownBy(() -> committer(new EndedByBroker()).commit(List.of(request)))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("belongs to another run now, to job job-b");
            assertThat(request.signal).isEqualTo("none");
        }
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
    void aTransactionWhoseIdTheBrokerHasForgottenIsCountedAndFailsNoJob(@TempDir Path directory)
            throws Exception {
        Request request = new Request(transaction(7));
        try (TestBroker broker = new TestBroker(directory)) {
            Properties producer = new Properties();
            producer.put("bootstrap.servers", broker.address());
            producer.put("key.serializer", ByteArraySerializer.class.getName());
            producer.put("value.serializer", ByteArraySerializer.class.getName());

            committer(new KafkaCommitter(producer, "", 0, 0, true, FlinkKafkaInternalProducer::new))
                    .commit(List.of(request));
        }

        assertThat(request.signal).isEqualTo("known reason");
        assertThat(count("deadLettersLost")).isEqualTo(7);
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
