package io.quotelake.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks Flink's REST interface how the jobs are.
 *
 * @see <a href="https://nightlies.apache.org/flink/flink-docs-release-2.3/docs/ops/rest_api/">REST
 *     API</a>
 */
final class FlinkWatch {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(3);
    private static final Set<String> ENDED = Set.of("FINISHED", "CANCELED", "FAILED");

    /** The ends of the names of the figures that are shown. */
    private static final List<String> FIGURES =
            List.of(
                    "Parse.quotesIn",
                    "Parse.numRecordsInPerSecond",
                    "Part_files__Writer.numRecordsInPerSecond",
                    "pendingRecords",
                    "openPartFiles",
                    "readingPaused");

    private static final Pattern DEAD_LETTERS =
            Pattern.compile("reason\\.([a-z-]+)\\.deadLetters$");

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final URI address;

    /**
     * The cluster.
     *
     * @param jobs those that have not ended, and the newest that has, if none runs
     */
    record Cluster(int taskManagers, int slots, int freeSlots, List<Job> jobs) {}

    /**
     * A job; counts are of the time since its last start.
     *
     * @param state such as {@code RUNNING}
     * @param started milliseconds since 1970
     * @param lag records of the topic that it has not read
     * @param openFiles files that are not visible yet
     * @param readingPaused whether it waits for a checkpoint to free memory
     * @param deadLetters by reason
     * @param checkpoint the newest complete one; null before the first
     * @param checkpointEvery milliseconds; 0 if there are none
     */
    record Job(
            String id,
            String name,
            String topic,
            String output,
            String state,
            long started,
            long restarts,
            double readPerSecond,
            double writtenPerSecond,
            long read,
            long lag,
            long openFiles,
            boolean readingPaused,
            Map<String, Long> deadLetters,
            Checkpoint checkpoint,
            long checkpointEvery) {
        boolean isRunning() {
            return state.equals("RUNNING");
        }

        boolean hasEnded() {
            return ENDED.contains(state);
        }
    }

    /**
     * A complete checkpoint.
     *
     * @param triggered milliseconds since 1970
     * @param completed milliseconds since 1970
     */
    record Checkpoint(long id, long triggered, long completed, long bytes) {}

    FlinkWatch(URI address) {
        this.address = address;
    }

    /**
     * Asks for all of it.
     *
     * @throws UnavailableException when nobody answers
     */
    Cluster look() throws UnavailableException {
        try {
            JsonNode overview = get("/overview");
            List<JsonNode> all = new ArrayList<>();
            get("/jobs/overview").path("jobs").forEach(all::add);
            List<Job> jobs = new ArrayList<>();
            for (JsonNode job : all) {
                if (!ENDED.contains(job.path("state").asText())) {
                    jobs.add(job(job));
                }
            }
            if (jobs.isEmpty() && !all.isEmpty()) {
                jobs.add(
                        job(
                                all.stream()
                                        .max(
                                                Comparator.comparing(
                                                        job -> job.path("end-time").asLong()))
                                        .get()));
            }
            return new Cluster(
                    overview.path("taskmanagers").asInt(),
                    overview.path("slots-total").asInt(),
                    overview.path("slots-available").asInt(),
                    jobs);
        } catch (IOException e) {
            throw new UnavailableException("Flink does not answer at " + address);
        }
    }

    /** A job that is only being set up has no figures yet. */
    private Job job(JsonNode listed) {
        try {
            return jobWithFigures(listed);
        } catch (IOException e) {
            return new Job(
                    listed.path("jid").asText(),
                    listed.path("name").asText(),
                    "",
                    "",
                    listed.path("state").asText(),
                    listed.path("start-time").asLong(),
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    false,
                    Map.of(),
                    null,
                    0);
        }
    }

    private Job jobWithFigures(JsonNode listed) throws IOException {
        String id = listed.path("jid").asText();
        String path = "/jobs/" + id;
        JsonNode options = get(path + "/config").path("execution-config").path("user-config");
        Map<String, Double> figures = new TreeMap<>();
        for (JsonNode vertex : get(path).path("vertices")) {
            figures.putAll(
                    sums(path + "/vertices/" + vertex.path("id").asText() + "/subtasks/metrics"));
        }
        Map<String, Long> deadLetters = new TreeMap<>();
        figures.forEach(
                (name, value) -> {
                    Matcher reason = DEAD_LETTERS.matcher(name);
                    if (reason.find() && value > 0) {
                        deadLetters.put(reason.group(1), value.longValue());
                    }
                });
        return new Job(
                id,
                listed.path("name").asText(),
                options.path("topic").asText(),
                options.path("output").asText(),
                listed.path("state").asText(),
                listed.path("start-time").asLong(),
                get(path + "/metrics?get=numRestarts").path(0).path("value").asLong(),
                figure(figures, "Parse.numRecordsInPerSecond"),
                figure(figures, "Part_files__Writer.numRecordsInPerSecond"),
                (long) figure(figures, "Parse.quotesIn"),
                (long) figure(figures, "pendingRecords"),
                (long) figure(figures, "openPartFiles"),
                figure(figures, "readingPaused") > 0,
                deadLetters,
                checkpoint(get(path + "/checkpoints").path("latest").path("completed")),
                interval(get(path + "/checkpoints/config").path("interval").asLong()));
    }

    /** Flink says the largest number where there are no checkpoints. */
    private static long interval(long millis) {
        return millis == Long.MAX_VALUE ? 0 : millis;
    }

    private static Checkpoint checkpoint(JsonNode completed) {
        return completed.has("latest_ack_timestamp")
                ? new Checkpoint(
                        completed.path("id").asLong(),
                        completed.path("trigger_timestamp").asLong(),
                        completed.path("latest_ack_timestamp").asLong(),
                        completed.path("state_size").asLong())
                : null;
    }

    private Map<String, Double> sums(String path) throws IOException {
        List<String> wanted = new ArrayList<>();
        for (JsonNode metric : get(path)) {
            String name = metric.path("id").asText();
            if (FIGURES.stream().anyMatch(name::endsWith) || DEAD_LETTERS.matcher(name).find()) {
                wanted.add(URLEncoder.encode(name, StandardCharsets.UTF_8));
            }
        }
        Map<String, Double> sums = new TreeMap<>();
        if (!wanted.isEmpty()) {
            for (JsonNode metric : get(path + "?agg=sum&get=" + String.join(",", wanted))) {
                sums.put(metric.path("id").asText(), metric.path("sum").asDouble());
            }
        }
        return sums;
    }

    private static double figure(Map<String, Double> figures, String end) {
        return figures.entrySet().stream()
                .filter(figure -> figure.getKey().endsWith(end))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    private JsonNode get(String path) throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(address.resolve(path)).timeout(ANSWER_WITHIN).build();
        try {
            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
            if (response.statusCode() >= 300) {
                throw new IOException(request.uri() + " answers with " + response.statusCode());
            }
            return JSON.readTree(response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
