package io.quotelake.producer.kafka;

import io.quotelake.producer.terminal.UsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * The positions of transactional replays, in a compacted topic beside the rows' own. Keyed by
 * transactional id, and written in the same transactions as the rows, a position says exactly which
 * rows are published. (The offsets of a consumer group would too, but they expire.)
 */
public final class Positions {

    /** On each row: the transactional id that published it. */
    static final String PRODUCER_HEADER = "quotelake.producer";

    private static final String TOPIC_SUFFIX = ".producer-positions";

    private final KafkaCluster cluster;
    private final String rowsTopic;
    private final String transactionalId;
    private final byte[] key;

    /** Creates the topic when it isn't there. */
    public Positions(KafkaCluster cluster, String rowsTopic, String transactionalId) {
        this.cluster = cluster;
        this.rowsTopic = rowsTopic;
        this.transactionalId = transactionalId;
        this.key = transactionalId.getBytes(StandardCharsets.UTF_8);
        cluster.ensureCompacted(topic());
    }

    String topic() {
        return rowsTopic + TOPIC_SUFFIX;
    }

    /** The transactional id in the form of the header on each row. */
    byte[] key() {
        return key;
    }

    ProducerRecord<byte[], byte[]> message(Position position) {
        return new ProducerRecord<>(topic(), key, position.toJson());
    }

    /**
     * Where to go on. To be called when no transaction of this id is open any more.
     *
     * @throws UsageException when the rows published before were of another file, order, selection
     *     or topic, or when rows of this id were published but no position is left
     */
    public Position resume(Position.Origin origin) {
        Optional<Position> last = last();
        if (last.isPresent()) {
            checkSame(last.get().origin(), origin);
            // What is written from now on names the topic, also where the last position didn't.
            return new Position(origin, last.get().pass(), last.get().row(), last.get().rows());
        }
        if (hasRows()) {
            throw new UsageException(
                    "the topic %s holds rows of the transactional id %s, but %s has no position for it: going on could double rows; publish with another --transactional-id"
                            .formatted(rowsTopic, transactionalId, topic()));
        }
        return Position.start(origin);
    }

    private void checkSame(Position.Origin before, Position.Origin now) {
        String other = null;
        if (now.topicId() != null
                && before.topicId() != null
                && !now.topicId().equals(before.topicId())) {
            other =
                    "another topic of this name, since deleted (of id %s, and this one has %s)"
                            .formatted(before.topicId(), now.topicId());
        } else if (!now.sha256().equals(before.sha256())) {
            other = "a file of other content (SHA-256 %s)".formatted(before.sha256());
        } else if (!now.selection().equals(before.selection())) {
            other = "other options (%s)".formatted(before.selection());
        }
        if (other != null) {
            throw new UsageException(
                    "the transactional id %s has a position in %s: repeat that command, or begin anew with another --transactional-id"
                            .formatted(transactionalId, other));
        }
    }

    /**
     * A remark about the identity of the topic, once a run.
     *
     * @return empty when it was compared
     */
    public Optional<String> remark(Position.Origin origin) {
        if (origin.topicId() == null) {
            return Optional.of(
                    "The brokers give topics no ids (Kafka before 2.8): that the topic is made anew between two runs will not be noticed");
        }
        return last().filter(position -> position.origin().topicId() == null)
                .map(
                        position ->
                                "The last position of %s names no topic id: an older version wrote it; from now on they do"
                                        .formatted(transactionalId));
    }

    private Optional<Position> last() {
        AtomicReference<byte[]> last = new AtomicReference<>();
        cluster.readCommitted(
                topic(),
                message -> {
                    if (Arrays.equals(key, message.key())) {
                        last.set(message.value());
                    }
                    return true;
                });
        if (last.get() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Position.fromJson(last.get()));
        } catch (IOException e) {
            throw new UsageException(
                    "the position of the transactional id %s in %s can't be read (%s): publish with another --transactional-id"
                            .formatted(transactionalId, topic(), e.getMessage()));
        }
    }

    private boolean hasRows() {
        return !cluster.readCommitted(
                rowsTopic,
                message -> {
                    Header producer = message.headers().lastHeader(PRODUCER_HEADER);
                    return producer == null || !Arrays.equals(key, producer.value());
                });
    }
}
