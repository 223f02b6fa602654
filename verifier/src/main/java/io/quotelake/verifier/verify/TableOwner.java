package io.quotelake.verifier.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quotelake.terminal.Failure;
import io.quotelake.verifier.table.Lake;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the job says of itself in the object beside the table, {@code TABLE.owner.json}: of which
 * topics the rows are, by Kafka's own ids, and how far it had published when it ended.
 *
 * @param topics the ids of the topics of this name; none where the brokers gave none
 * @param ended nothing if the job has published more since, or did not end in order
 */
record TableOwner(Set<String> topics, Optional<Progress> ended) {
    /** What the table's name gets for the object's. */
    static final String SUFFIX = ".owner.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The owner of a table.
     *
     * @return nothing for a table that was written before there were such objects
     * @throws Failure if the object is there and can't be read
     */
    static Optional<TableOwner> of(Lake lake, String topic) {
        try (InputStream in = lake.openBeside(SUFFIX).orElse(null)) {
            if (in == null) {
                return Optional.empty();
            }
            Set<String> ids = new LinkedHashSet<>();
            List<JsonNode> writers = new ArrayList<>();
            for (JsonNode writer : JSON.readTree(in).path("writers")) {
                if (writer.path("topic").asText().equals(topic)) {
                    writers.add(writer);
                    if (writer.path("topic_id").isTextual()) {
                        ids.add(writer.path("topic_id").asText());
                    }
                }
            }
            boolean isOne = writers.size() == 1;
            return Optional.of(
                    new TableOwner(ids, isOne ? ended(writers.get(0)) : Optional.empty()));
        } catch (IOException e) {
            throw Failure.atRunTime(
                    "the table's owner object (%s) can't be read: %s"
                            .formatted(SUFFIX, e.getMessage()));
        }
    }

    /** Only all tasks of a job together, at one checkpoint, say how far it has come. */
    private static Optional<Progress> ended(JsonNode writer) {
        Map<Integer, Long> publishedTo = new TreeMap<>();
        Map<Integer, Long> readTo = new TreeMap<>();
        JsonNode tasks = writer.path("reached");
        long checkpoint = tasks.path(0).path("checkpoint").asLong();
        for (JsonNode task : tasks) {
            if (task.path("parallelism").asInt() != tasks.size()
                    || task.path("checkpoint").asLong() != checkpoint) {
                return Optional.empty();
            }
            task.path("published")
                    .properties()
                    .forEach(
                            entry ->
                                    publishedTo.merge(
                                            Integer.valueOf(entry.getKey()),
                                            entry.getValue().asLong(),
                                            Math::min));
            task.path("read")
                    .properties()
                    .forEach(
                            entry ->
                                    readTo.put(
                                            Integer.valueOf(entry.getKey()),
                                            entry.getValue().asLong()));
        }
        return readTo.isEmpty()
                ? Optional.empty()
                : Optional.of(Progress.ended(writer.path("job_id").asText(), publishedTo, readTo));
    }

    /** Whether the rows are of other topics than the one with this id. */
    boolean isOfAnother(String topicId) {
        return !topics.isEmpty() && !topics.contains(topicId);
    }
}
