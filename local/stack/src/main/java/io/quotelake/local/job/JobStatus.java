package io.quotelake.local.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.quotelake.flink.FlinkRest;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Flink knows of a job at a moment. Counts are of the run since its last start.
 *
 * @param id Flink's id
 * @param table its topic and its output, as {@code stock_market to s3://quotelake/stock_market}
 * @param state e.g. {@code RUNNING}
 * @param age since it was submitted
 * @param restarts how often it was restarted since
 * @param hasFigures whether its tasks have told any: the next six are 0 before
 * @param quotesPerSecond records read, over the last minute or since the last start
 * @param rowsPerSecond rows handed to files, over the same time
 * @param quotes records read
 * @param lag records in Kafka that are not read yet
 * @param openFiles files that are being written
 * @param isReadingPaused whether open files fill their memory, so that nothing is read for now
 * @param stalledCheckpoints over how many completed checkpoints in a row a task has read nothing,
 *     though records wait for it
 * @param deadLetters what was not a quote, by reason
 * @param checkpoint the newest complete one
 * @param failedCheckpoint what was wrong with the newest one, if it failed
 * @param restored the number of the checkpoint or savepoint that it went on from
 */
public record JobStatus(
        String id,
        String table,
        String state,
        Duration age,
        long restarts,
        boolean hasFigures,
        double quotesPerSecond,
        double rowsPerSecond,
        long quotes,
        long lag,
        long openFiles,
        boolean isReadingPaused,
        long stalledCheckpoints,
        Map<String, Long> deadLetters,
        Optional<Checkpoint> checkpoint,
        Optional<String> failedCheckpoint,
        OptionalLong restored) {

    /**
     * A complete checkpoint.
     *
     * @param completed when
     * @param duration how long it took
     * @param bytes its size
     */
    public record Checkpoint(Instant completed, Duration duration, long bytes) {}

    /** The ends of the names under which Flink's REST interface has the figures. */
    private static final String QUOTES = "Parse.quotesIn";

    private static final String QUOTE_RATE = "Parse.numRecordsInPerSecond";
    private static final String ROWS = "Part_files__Writer.numRecordsIn";
    private static final String ROW_RATE = "Part_files__Writer.numRecordsInPerSecond";
    private static final String LAG = "pendingRecords";
    private static final String OPEN_FILES = "openPartFiles";
    private static final String READING_PAUSED = "readingPaused";
    private static final List<String> FIGURES =
            List.of(QUOTES, QUOTE_RATE, ROWS, ROW_RATE, LAG, OPEN_FILES, READING_PAUSED);
    private static final Pattern DEAD_LETTERS =
            Pattern.compile("reason\\.([a-z-]+)\\.deadLetters$");

    /** Flink's rates are those of a whole minute, also for a job that is younger. */
    private static final long RATE_SECONDS = 60;

    /** Asks for it. */
    public static JobStatus of(FlinkRest rest, String id) throws IOException {
        JsonNode job = rest.get("/jobs/" + id);
        Map<String, Double> figures = new TreeMap<>();
        for (JsonNode vertex : job.path("vertices")) {
            String path =
                    "/jobs/" + id + "/vertices/" + vertex.path("id").asText() + "/subtasks/metrics";
            figures.putAll(sums(rest, path));
        }
        Map<String, Long> deadLetters = new TreeMap<>();
        figures.forEach(
                (name, value) -> {
                    Matcher reason = DEAD_LETTERS.matcher(name);
                    if (reason.find() && value > 0) {
                        deadLetters.put(reason.group(1), value.longValue());
                    }
                });
        JsonNode checkpoints = rest.get("/jobs/" + id + "/checkpoints").path("latest");
        return new JobStatus(
                id,
                table(rest, id),
                job.path("state").asText(),
                Duration.ofMillis(job.path("duration").asLong()),
                restarts(rest, id),
                !figures.isEmpty(),
                rate(figure(figures, QUOTES), figure(figures, QUOTE_RATE), seconds(job)),
                rate(figure(figures, ROWS), figure(figures, ROW_RATE), seconds(job)),
                (long) figure(figures, QUOTES),
                (long) figure(figures, LAG),
                (long) figure(figures, OPEN_FILES),
                figure(figures, READING_PAUSED) > 0,
                new JobFigures(rest).stalledCheckpoints(id),
                deadLetters,
                checkpoint(checkpoints.path("completed")),
                failedCheckpoint(checkpoints),
                restored(checkpoints));
    }

    private static String table(FlinkRest rest, String id) throws IOException {
        JsonNode options =
                rest.get("/jobs/" + id + "/config").path("execution-config").path("user-config");
        return options.path("topic").asText() + " to " + options.path("output").asText();
    }

    /** Since its tasks were started last; at least one. */
    private static long seconds(JsonNode job) {
        long started = 0;
        for (JsonNode vertex : job.path("vertices")) {
            started = Math.max(started, vertex.path("start-time").asLong());
        }
        return Math.max(1, (job.path("now").asLong() - started) / 1000);
    }

    private static double rate(double count, double ofLastMinute, long seconds) {
        return seconds < RATE_SECONDS ? count / seconds : ofLastMinute;
    }

    private static Map<String, Double> sums(FlinkRest rest, String path) throws IOException {
        List<String> wanted = new ArrayList<>();
        for (JsonNode metric : rest.get(path)) {
            String name = metric.path("id").asText();
            if (FIGURES.stream().anyMatch(name::endsWith) || DEAD_LETTERS.matcher(name).find()) {
                wanted.add(URLEncoder.encode(name, StandardCharsets.UTF_8));
            }
        }
        Map<String, Double> sums = new TreeMap<>();
        if (!wanted.isEmpty()) {
            for (JsonNode metric : rest.get(path + "?agg=sum&get=" + String.join(",", wanted))) {
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

    private static long restarts(FlinkRest rest, String id) throws IOException {
        return rest.get("/jobs/" + id + "/metrics?get=numRestarts").path(0).path("value").asLong();
    }

    private static Optional<Checkpoint> checkpoint(JsonNode latest) {
        if (!latest.has("latest_ack_timestamp")) {
            return Optional.empty();
        }
        return Optional.of(
                new Checkpoint(
                        Instant.ofEpochMilli(latest.path("latest_ack_timestamp").asLong()),
                        Duration.ofMillis(latest.path("end_to_end_duration").asLong()),
                        latest.path("state_size").asLong()));
    }

    private static Optional<String> failedCheckpoint(JsonNode latest) {
        JsonNode failed = latest.path("failed");
        return failed.path("id").asLong(-1) > latest.path("completed").path("id").asLong(-1)
                ? Optional.of(failed.path("failure_message").asText("no reason given"))
                : Optional.empty();
    }

    private static OptionalLong restored(JsonNode latest) {
        JsonNode restored = latest.path("restored");
        return restored.has("id")
                ? OptionalLong.of(restored.path("id").asLong())
                : OptionalLong.empty();
    }
}
