package io.quotelake.verifier.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.quotelake.flink.FlinkRest;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a cluster how far the job has published that writes a table. */
public final class JobProgress {
    private static final Pattern PUBLISHED_TO =
            Pattern.compile("partition\\.(\\d+)\\.publishedTo$");
    private static final String RECOVERED = "recoveredPartFiles";

    /** Flink gathers figures when it is asked, and answers with those of the last time. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    /** A job that has just started has no figures before Flink gathers them again. */
    private static final int MAX_LOOKS = 15;

    private final FlinkRest rest;

    public JobProgress(FlinkRest rest) {
        this.rest = rest;
    }

    /**
     * The progress of the job that writes a table from a topic.
     *
     * @param output the table's prefix
     * @return nothing if no such job runs, or it does not say how far it is
     */
    public Optional<Progress> of(String output, String topic)
            throws IOException, InterruptedException {
        for (String id : rest.unendedJobs()) {
            JsonNode options =
                    rest.get("/jobs/" + id + "/config")
                            .path("execution-config")
                            .path("user-config");
            if (withoutSlash(options.path("output").asText()).equals(withoutSlash(output))
                    && options.path("topic").asText().equals(topic)) {
                return progress(id);
            }
        }
        return Optional.empty();
    }

    private static String withoutSlash(String output) {
        return output.replaceFirst("^s3a:", "s3:").replaceAll("/+$", "");
    }

    private Optional<Progress> progress(String id) throws IOException, InterruptedException {
        look(id);
        for (int look = 0; look < MAX_LOOKS; look++) {
            TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS.toMillis());
            Optional<Progress> progress = look(id);
            if (progress.isPresent()) {
                return progress;
            }
        }
        return Optional.empty();
    }

    private Optional<Progress> look(String id) throws IOException {
        Map<Integer, Long> publishedTo = new TreeMap<>();
        long recovered = 0;
        for (JsonNode vertex : rest.get("/jobs/" + id).path("vertices")) {
            String path =
                    "/jobs/" + id + "/vertices/" + vertex.path("id").asText() + "/subtasks/metrics";
            for (Map.Entry<String, JsonNode> figure : figures(path).entrySet()) {
                Matcher partition = PUBLISHED_TO.matcher(figure.getKey());
                if (partition.find()) {
                    publishedTo.merge(
                            Integer.parseInt(partition.group(1)),
                            figure.getValue().path("min").asLong(),
                            Math::min);
                } else {
                    recovered += figure.getValue().path("sum").asLong();
                }
            }
        }
        return publishedTo.isEmpty()
                ? Optional.empty()
                : Optional.of(Progress.running(id, publishedTo, recovered));
    }

    private Map<String, JsonNode> figures(String path) throws IOException {
        Map<String, JsonNode> figures = new HashMap<>();
        StringBuilder names = new StringBuilder();
        for (JsonNode metric : rest.get(path)) {
            String name = metric.path("id").asText();
            if (name.endsWith(RECOVERED) || PUBLISHED_TO.matcher(name).find()) {
                names.append(names.isEmpty() ? "" : ",")
                        .append(URLEncoder.encode(name, StandardCharsets.UTF_8));
            }
        }
        if (!names.isEmpty()) {
            for (JsonNode metric : rest.get(path + "?agg=min,sum&get=" + names)) {
                figures.put(metric.path("id").asText(), metric);
            }
        }
        return figures;
    }
}
