package io.quotelake.job.deadletter;

import io.quotelake.job.owner.RoundCounter;
import io.quotelake.job.owner.Stamp;
import io.quotelake.job.quote.DeadLetter;
import io.quotelake.job.task.TaskEnd;
import java.io.IOException;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink.PrecommittingStatefulSinkWriter;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * KafkaSink's writer, with its transactions' letters counted, and closed without an exception and
 * without a leak.
 */
final class DeadLetterWriter
        implements StatefulSinkWriter<DeadLetter, DeadLetterState>,
                CommittingSinkWriter<DeadLetter, DeadLetterTransaction> {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterWriter.class);

    private final PrecommittingStatefulSinkWriter<DeadLetter, KafkaWriterState, KafkaCommittable>
            writer;
    private final ObservedContext observed;
    private final UncommittedLetters uncommitted;
    private final String run;
    private final RoundCounter rounds;
    private int letters;
    private long began;
    private String firstSource;
    private String lastTopic;
    private int lastPartition;
    private long lastOffset;

    DeadLetterWriter(
            PrecommittingStatefulSinkWriter<DeadLetter, KafkaWriterState, KafkaCommittable> writer,
            ObservedContext observed,
            Duration transactionTimeout,
            String run,
            RoundCounter rounds) {
        this.writer = writer;
        this.observed = observed;
        this.uncommitted = new UncommittedLetters(transactionTimeout, System::nanoTime);
        this.run = run;
        this.rounds = rounds;
    }

    @Override
    public void write(DeadLetter letter, Context context) throws IOException, InterruptedException {
        writer.write(letter, context);
        if (letters++ == 0) {
            began = System.nanoTime();
            firstSource = place(letter.topic, letter.partition, letter.offset);
        }
        lastTopic = letter.topic;
        lastPartition = letter.partition;
        lastOffset = letter.offset;
    }

    private static String place(String topic, int partition, long offset) {
        return topic + "-" + partition + "@" + offset;
    }

    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
        writer.flush(endOfInput);
    }

    @Override
    public Collection<DeadLetterTransaction> prepareCommit()
            throws IOException, InterruptedException {
        uncommitted.check();
        RecordMetadata written = observed.lastWritten();
        Stamp round = rounds.next();
        List<DeadLetterTransaction> transactions =
                writer.prepareCommit().stream()
                        .map(kafka -> transaction(kafka, written, round))
                        .toList();
        transactions.forEach(transaction -> uncommitted.add(transaction, began));
        letters = 0;
        return transactions;
    }

    private DeadLetterTransaction transaction(
            KafkaCommittable kafka, RecordMetadata written, Stamp round) {
        return written == null
                ? DeadLetterTransaction.of(kafka, round)
                : new DeadLetterTransaction(
                        kafka,
                        letters,
                        firstSource,
                        place(lastTopic, lastPartition, lastOffset),
                        written.partition(),
                        written.offset(),
                        round);
    }

    @Override
    public List<DeadLetterState> snapshotState(long checkpointId) throws IOException {
        rounds.saved(checkpointId);
        return writer.snapshotState(checkpointId).stream()
                .map(kafka -> new DeadLetterState(kafka, run))
                .toList();
    }

    @Override
    public void close() {
        TaskEnd.close("The dead letters' writer", writer, adminClient());
    }

    /**
     * The Admin client that ExactlyOnceKafkaWriter of flink-connector-kafka 5.0.0 makes to list
     * open transactions, and never closes: each start of a job would leave a thread behind, with
     * the job's class loader. Null if the writer has made none, or has no such field any more.
     */
    private AutoCloseable adminClient() {
        try {
            Field field = writer.getClass().getDeclaredField("adminClient");
            field.setAccessible(true);
            return (AutoCloseable) field.get(writer);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn("The connector's Admin client can't be closed; its thread stays.", e);
            return null;
        }
    }
}
