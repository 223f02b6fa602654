package io.quotelake.local.fault;

import com.fasterxml.jackson.databind.JsonNode;
import io.quotelake.local.stack.FlinkRest;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;

/** A figure of the job, as Flink's REST interface has it. */
final class JobFigures {
    private final FlinkRest rest;

    JobFigures(FlinkRest rest) {
        this.rest = rest;
    }

    /**
     * The largest value over all operators and subtasks; empty while there is none.
     *
     * @param name the end of the metric's name, such as {@code bufferedBytes}
     */
    OptionalDouble most(String name) throws IOException {
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

    private double value(String path, String id) throws IOException {
        String query = "?agg=max&get=" + URLEncoder.encode(id, StandardCharsets.UTF_8);
        return rest.get(path + query).path(0).path("max").asDouble();
    }

    /** A figure of the first TaskManager's JVM, such as {@code Status.JVM.Threads.Count}. */
    long ofTaskManager(String name) throws IOException {
        String id = rest.get("/taskmanagers").path("taskmanagers").path(0).path("id").asText();
        return rest.get("/taskmanagers/" + id + "/metrics?get=" + name)
                .path(0)
                .path("value")
                .asLong();
    }
}
