package io.quotelake.local.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.quotelake.flink.FlinkRest;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Figures of the jobs, as Flink's REST interface has them. */
public final class JobFigures {
    private final FlinkRest rest;

    public JobFigures(FlinkRest rest) {
        this.rest = rest;
    }

    /**
     * The largest value over all operators and subtasks; empty while there is none.
     *
     * @param name the end of the metric's name, such as {@code bufferedBytes}
     */
    public OptionalDouble most(String name) throws IOException {
        OptionalDouble most = OptionalDouble.empty();
        for (String job : rest.unendedJobs()) {
            for (JsonNode vertex : rest.get("/jobs/" + job).path("vertices")) {
                String path =
                        "/jobs/%s/vertices/%s/subtasks/metrics"
                                .formatted(job, vertex.path("id").asText());
                for (JsonNode metric : rest.get(path)) {
                    String id = metric.path("id").asText();
                    if (id.endsWith("." + name)) {
                        double value = value(path, id);
                        most = OptionalDouble.of(Math.max(value, most.orElse(value)));
                    }
                }
            }
        }
        return most;
    }

    /**
     * Over how many completed checkpoints in a row a task of the job has read nothing though
     * records wait for it: the most of any task, 0 while all read or have nothing to read.
     */
    public long stalledCheckpoints(String job) throws IOException {
        long most = 0;
        for (JsonNode vertex : rest.get("/jobs/" + job).path("vertices")) {
            Map<String, Stall> tasks = new HashMap<>();
            for (JsonNode metric : stallFigures(job, vertex.path("id").asText())) {
                String id = metric.path("id").asText();
                tasks.computeIfAbsent(id.substring(0, id.indexOf('.')), task -> new Stall())
                        .take(id, metric.path("value").asLong());
            }
            most = tasks.values().stream().mapToLong(Stall::checkpoints).reduce(most, Math::max);
        }
        return most;
    }

    private JsonNode stallFigures(String job, String vertex) throws IOException {
        String path = "/jobs/%s/vertices/%s/metrics".formatted(job, vertex);
        List<String> names = new ArrayList<>();
        for (JsonNode metric : rest.get(path)) {
            String id = metric.path("id").asText();
            if (Stall.FIGURES.stream().anyMatch(id::endsWith)) {
                names.add(URLEncoder.encode(id, StandardCharsets.UTF_8));
            }
        }
        return names.isEmpty()
                ? MissingNode.getInstance()
                : rest.get(path + "?get=" + String.join(",", names));
    }

    /** The figures of one task that tell whether it stands still, as the alert of that name. */
    private static final class Stall {
        private static final String WITHOUT_RECORDS = ".checkpointsWithoutRecords";
        private static final String WAITING = ".pendingRecords";
        private static final String PAUSED = ".readingPaused";

        static final List<String> FIGURES = List.of(WITHOUT_RECORDS, WAITING, PAUSED);

        private long withoutRecords;
        private boolean isWaitedFor;

        void take(String id, long value) {
            if (id.endsWith(WITHOUT_RECORDS)) {
                withoutRecords = value;
            } else {
                isWaitedFor |= value > 0;
            }
        }

        long checkpoints() {
            return isWaitedFor ? withoutRecords : 0;
        }
    }

    private double value(String path, String id) throws IOException {
        String query = "?agg=max&get=" + URLEncoder.encode(id, StandardCharsets.UTF_8);
        return rest.get(path + query).path(0).path("max").asDouble();
    }
}
