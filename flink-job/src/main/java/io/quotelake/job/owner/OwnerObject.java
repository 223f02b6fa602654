package io.quotelake.job.owner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quotelake.job.task.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who writes a table, and which saved states contain all that is published in it. One small JSON
 * object a table, beside its prefix: {@code s3://bucket/stock_market.owner.json}.
 *
 * <p>Its content never comes back: each change raises {@code revision}. So a request that arrives
 * late finds another version than it was made for.
 *
 * @param version of this format
 * @param revision how often it has changed
 * @param table the table's prefix
 * @param dateGranularity day, month or year
 * @param writers one; more only where {@code --append} has added some
 */
record OwnerObject(
        int version, long revision, String table, String dateGranularity, List<Writer> writers) {

    private static final int VERSION = 1;

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build();

    OwnerObject {
        writers = List.copyOf(writers);
    }

    /**
     * The run that may publish rows of one line of history.
     *
     * @param run its token; null stands for a job of a version that knew no owner objects
     * @param topic whose records it writes
     * @param topicId Kafka's id of the topic; null if unknown
     * @param jobId Flink's id of the job
     * @param host where the task ran that made the entry
     * @param since when the run took over
     * @param published states of the run contain all that is published from this checkpoint on; 0
     *     while nothing is
     * @param publishedAt when it published last
     * @param resumable the saved states that contain all that is published: the run's own, and
     *     those that it may have begun with as long as it has published nothing of its own
     * @param reached how far each task had come when it ended last; nothing once the run has
     *     published more
     */
    record Writer(
            String run,
            String topic,
            String topicId,
            String jobId,
            String host,
            String since,
            long published,
            String publishedAt,
            List<Resumable> resumable,
            List<Reached> reached) {

        Writer {
            resumable = List.copyOf(resumable);
            reached = reached == null ? List.of() : List.copyOf(reached);
        }

        Optional<Resumable> find(String token) {
            return resumable.stream().filter(state -> state.run.equals(token)).findFirst();
        }

        boolean accepts(SavedState state) {
            return find(state.run())
                    .filter(found -> state.checkpoint() >= found.checkpoint)
                    .isPresent();
        }

        Writer with(List<Resumable> states, List<Reached> tasks) {
            return new Writer(
                    run, topic, topicId, jobId, host, since, published, publishedAt, states, tasks);
        }

        Writer publishing(long checkpoint, String now, List<Resumable> states) {
            return new Writer(
                    run, topic, topicId, jobId, host, since, checkpoint, now, states, List.of());
        }
    }

    /**
     * States of one run from a checkpoint on.
     *
     * @param run its token
     * @param checkpoint the least number
     * @param finished by the index of the task that wrote them: up to which checkpoint its files
     *     are known to be published, each and whole. What is missing here may still be
     */
    record Resumable(String run, long checkpoint, Map<Integer, Long> finished) {

        Resumable {
            Objects.requireNonNull(run, "run");
            finished = finished == null ? Map.of() : new TreeMap<>(finished);
        }

        Resumable(String run, long checkpoint) {
            this(run, checkpoint, Map.of());
        }

        Resumable with(Map<Integer, Long> more) {
            Map<Integer, Long> all = new TreeMap<>(finished);
            more.forEach((subtask, number) -> all.merge(subtask, number, Math::max));
            return new Resumable(run, checkpoint, all);
        }
    }

    /** The first of a table. */
    static OwnerObject of(Run run, List<Writer> writers) {
        return new OwnerObject(VERSION, 1, run.table(), run.dateGranularity(), writers);
    }

    OwnerObject with(Writer before, Writer after) {
        List<Writer> changed = new ArrayList<>(writers);
        changed.set(changed.indexOf(before), after);
        return new OwnerObject(version, revision + 1, table, dateGranularity, changed);
    }

    OwnerObject and(Writer another) {
        List<Writer> more = new ArrayList<>(writers);
        more.add(another);
        return new OwnerObject(version, revision + 1, table, dateGranularity, more);
    }

    /** The entry of a run that may publish. */
    Optional<Writer> writer(String run) {
        return writers.stream().filter(writer -> run.equals(writer.run)).findFirst();
    }

    byte[] toJson() {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * @param place its address, for messages
     * @throws Refusal if the bytes are no owner object of a version that this program knows
     */
    static OwnerObject fromJson(byte[] json, String place) {
        try {
            JsonNode tree = JSON.readTree(json);
            int version = tree.path("version").asInt();
            if (version != VERSION) {
                throw new Refusal(
                        String.format(
                                Locale.ROOT,
                                "%s has version %s, and this program knows %d: run the version that"
                                        + " wrote it, or a later one",
                                place,
                                tree.path("version"),
                                VERSION));
            }
            OwnerObject object = JSON.treeToValue(tree, OwnerObject.class);
            if (object.table == null
                    || object.dateGranularity == null
                    || object.writers.isEmpty()) {
                throw new IOException("it lacks a table, a date granularity or a writer");
            }
            return object;
        } catch (IOException | RuntimeException e) {
            if (e instanceof Refusal refusal) {
                throw refusal;
            }
            throw new Refusal(
                    String.format(
                            Locale.ROOT,
                            "%s is no owner object of a table (%s): put back what was there, or"
                                    + " delete it if nothing else writes the table",
                            place,
                            e.getMessage().lines().findFirst().orElse("")));
        }
    }
}
