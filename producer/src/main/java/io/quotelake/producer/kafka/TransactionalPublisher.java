package io.quotelake.producer.kafka;

import io.quotelake.producer.csv.Quote;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Sends quotes in transactions, each with the position behind its last row, so that rows and
 * position are published together or not at all.
 */
public final class TransactionalPublisher extends KafkaPublisher {

    /** At a slow pace a transaction ends before it is full, so that readers see its rows. */
    private static final Duration MAX_OPEN = Duration.ofSeconds(5);

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final int transactionSize;
    private final Positions positions;
    private final List<Header> headers;

    private Position position;
    private int openRows;
    private long openedNanos;
    private long pass;
    private long row;
    private volatile long committed;

    /**
     * @param producer with its transactions initialised
     * @param start where the last run ended
     * @param transactionSize rows in a full transaction
     */
    public TransactionalPublisher(
            KafkaProducer<byte[], byte[]> producer,
            String topic,
            boolean timestampFromDate,
            Positions positions,
            Position start,
            int transactionSize) {
        super(producer, topic, timestampFromDate);
        this.producer = producer;
        this.topic = topic;
        this.positions = positions;
        this.position = start;
        this.transactionSize = transactionSize;
        this.headers = List.of(new RecordHeader(Positions.PRODUCER_HEADER, positions.key()));
    }

    @Override
    public void publish(Quote quote, long quotePass, long quoteRow) {
        if (openRows == 0) {
            transact(producer::beginTransaction);
            openedNanos = System.nanoTime();
        }
        send(
                new ProducerRecord<>(
                        topic, null, timestamp(quote), quote.key(), quote.json(), headers));
        openRows++;
        pass = quotePass;
        row = quoteRow;
        if (openRows >= transactionSize) {
            commit();
        }
    }

    @Override
    public void turn() {
        if (openRows > 0 && System.nanoTime() - openedNanos >= MAX_OPEN.toNanos()) {
            commit();
        }
    }

    private void commit() {
        Position next = new Position(position.origin(), pass, row, position.rows() + openRows);
        send(positions.message(next));
        transact(producer::commitTransaction);
        position = next;
        committed += openRows;
        openRows = 0;
    }

    private void transact(Runnable step) {
        try {
            step.run();
        } catch (KafkaException e) {
            failed(e);
            checkFailure();
        }
    }

    /** After a failure the open transaction is left to be aborted by the next run. */
    @Override
    public void finish(boolean hurry) {
        try {
            checkFailure();
            if (openRows > 0) {
                commit();
            }
        } finally {
            producer.close(Duration.ZERO);
        }
    }

    @Override
    public long acknowledged() {
        return committed;
    }
}
