package io.quotelake.local.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.quotelake.flink.FlinkRest;
import java.io.IOException;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** The checkpoints and savepoints that a JobManager tells of, while it knows their job. */
final class JobStates {
    private final FlinkRest rest;

    JobStates(FlinkRest rest) {
        this.rest = rest;
    }

    /** The newest of a job, wherever it lies; nothing if the job has completed none. */
    Optional<SavedState> newest(String jobId) throws IOException {
        JsonNode latest = rest.get("/jobs/" + jobId + "/checkpoints").path("latest");
        return Stream.of("completed", "savepoint", "restored")
                .map(latest::path)
                .filter(one -> one.path("external_path").asText().matches("[a-z0-9]+:.+"))
                .map(
                        one ->
                                new SavedState(
                                        one.path("id").asLong(),
                                        one.path("external_path").asText()))
                .max(Comparator.comparing(SavedState::checkpoint));
    }
}
