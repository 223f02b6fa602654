package io.quotelake.job.source;

import io.quotelake.job.task.Refusal;
import java.io.Serializable;
import java.util.Locale;
import java.util.Objects;
import org.apache.kafka.common.Uuid;

/**
 * Which topic a job reads: its name, and the id that the brokers gave it when it was created. A
 * topic that was deleted and created anew has the same name and another id, and its partitions and
 * offsets name other records.
 *
 * @param name the topic's name
 * @param id the topic's id as Kafka writes it; null where it is not known, because the brokers are
 *     older than Kafka 2.8 or the state was written before version 0.2.0
 */
public record TopicIdentity(String name, String id) implements Serializable {

    /** The identity of a topic as brokers describe it, which is a zero id where they give none. */
    public static TopicIdentity of(String name, Uuid id) {
        return new TopicIdentity(name, Uuid.ZERO_UUID.equals(id) ? null : id.toString());
    }

    /** Whether the brokers give ids. */
    public boolean hasId() {
        return id != null;
    }

    /**
     * Checks that the topic of this name is still the one that the job reads.
     *
     * @param found the topic as the brokers describe it now
     * @throws Refusal if it was deleted and created anew
     */
    void requireStill(TopicIdentity found) {
        if (isAnother(found)) {
            throw new Refusal(
                    String.format(
                            Locale.ROOT,
                            "the topic '%s' was deleted and created anew (id %s, before %s), and its"
                                    + " offsets now name other records than the rows of this table;"
                                    + " %s",
                            name,
                            found.id,
                            id,
                            WAYS_OUT));
        }
    }

    /**
     * Checks that a checkpoint or savepoint was taken of this topic.
     *
     * @param restored the topic that it was taken of
     * @throws Refusal if that was another one
     */
    void requireRestored(TopicIdentity restored) {
        if (!restored.name.equals(name)) {
            throw new Refusal(
                    String.format(
                            Locale.ROOT,
                            "this checkpoint or savepoint is of the topic '%s', not '%s'; resume it"
                                    + " with --topic %s, or start '%s' without one, with another"
                                    + " --output",
                            restored.name,
                            name,
                            restored.name,
                            name));
        }
        restored.requireStill(this);
    }

    private boolean isAnother(TopicIdentity other) {
        return hasId() && other.hasId() && !Objects.equals(id, other.id);
    }

    static final String WAYS_OUT =
            "start without a checkpoint or savepoint, with another --output and --group-id, or into"
                    + " the same table with --append, where partition and offset then no longer tell"
                    + " its rows apart";
}
