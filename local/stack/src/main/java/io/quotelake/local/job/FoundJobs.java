package io.quotelake.local.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.quotelake.flink.FlinkRest;
import io.quotelake.local.stack.Settings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Jobs that {@code ./quotelake flink run} has started: what is needed to resume them stands in the
 * options that a job tells Flink. Secrets don't, so a job with a password is none of them.
 */
final class FoundJobs {
    /** A job that is submitted in this moment is about to be saved by who submits it. */
    private static final Duration YOUNGEST = Duration.ofSeconds(20);

    private static final String MASKED = "******";
    private static final String KAFKA_PROPERTY = "kafka-property.";

    private final FlinkRest rest;
    private final String ownBroker;

    /**
     * @param ownBroker the stack's own, whose port may change
     */
    FoundJobs(FlinkRest rest, String ownBroker) {
        this.rest = rest;
        this.ownBroker = ownBroker;
    }

    /**
     * The submission of a job that is in none.
     *
     * @param known if the job goes on from the state of one of these, that one is changed
     */
    Optional<Submission> submission(String id, List<Submission> known) throws IOException {
        JsonNode configuration = rest.get("/jobs/" + id + "/config").path("execution-config");
        JsonNode options = configuration.path("user-config");
        boolean isQuotelake = options.has("output") && options.has("topic");
        boolean isYoung = rest.get("/jobs/" + id).path("duration").asLong() < YOUNGEST.toMillis();
        Optional<List<String>> words = arguments(options);
        if (!isQuotelake || isYoung || words.isEmpty()) {
            return Optional.empty();
        }
        String brokers = options.path("bootstrap-servers").asText();
        Submission found =
                new Submission(
                        words.get(),
                        configuration.path("job-parallelism").asInt(),
                        brokers.equals(ownBroker) ? null : brokers,
                        options.path("topic").asText(),
                        Settings.defaults().bucket(),
                        List.of(),
                        false,
                        null);
        boolean goesOn =
                rest.get("/jobs/" + id + "/checkpoints").path("latest").path("restored").has("id");
        return Optional.of(
                known.stream()
                        .filter(other -> goesOn && other.isSameJob(found))
                        .findFirst()
                        .map(other -> other.with(found.arguments(), found.parallelism()))
                        .orElse(found)
                        .resumedAs(id));
    }

    private static Optional<List<String>> arguments(JsonNode options) {
        List<String> words = new ArrayList<>();
        for (Map.Entry<String, JsonNode> option : options.properties()) {
            String name = option.getKey();
            String value = option.getValue().asText();
            if (value.equals(MASKED)) {
                return Optional.empty();
            }
            if (name.startsWith(KAFKA_PROPERTY)) {
                words.add(
                        "--kafka-property="
                                + name.substring(KAFKA_PROPERTY.length())
                                + "="
                                + value);
            } else if (name.equals("lineage")) {
                words.addAll(value.equals("true") ? List.of() : List.of("--no-lineage"));
            } else if (name.equals("append")) {
                words.addAll(value.equals("true") ? List.of("--append") : List.of());
            } else if (!name.equals("bootstrap-servers") && !value.equals("never")) {
                words.add("--" + name + "=" + value);
            }
        }
        return Optional.of(words);
    }
}
