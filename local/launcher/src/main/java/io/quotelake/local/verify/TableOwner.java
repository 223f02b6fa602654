package io.quotelake.local.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quotelake.local.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What the job says of itself in the object beside the table, {@code TABLE.owner.json}: of which
 * topics the rows are, by Kafka's own ids.
 *
 * @param topics the ids of the topics of this name; none where the brokers gave none
 */
record TableOwner(Set<String> topics) {
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
            for (JsonNode writer : JSON.readTree(in).path("writers")) {
                if (writer.path("topic").asText().equals(topic)
                        && writer.path("topic_id").isTextual()) {
                    ids.add(writer.path("topic_id").asText());
                }
            }
            return Optional.of(new TableOwner(ids));
        } catch (IOException e) {
            throw Failure.atRunTime(
                    "the table's owner object (%s) can't be read: %s"
                            .formatted(SUFFIX, e.getMessage()));
        }
    }

    /** Whether the rows are of other topics than the one with this id. */
    boolean isOfAnother(String topicId) {
        return !topics.isEmpty() && !topics.contains(topicId);
    }
}
