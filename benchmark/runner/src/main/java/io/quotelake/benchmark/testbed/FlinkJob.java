package io.quotelake.benchmark.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import io.quotelake.local.job.JobStatus;
import io.quotelake.local.stack.FlinkClient;
import io.quotelake.local.stack.FlinkCluster;
import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A job that was submitted to a cluster. */
public final class FlinkJob {
    private static final Pattern JOB_ID = Pattern.compile("JobID ([0-9a-f]{32})");
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final FlinkCluster cluster;
    private final String id;

    private FlinkJob(FlinkCluster cluster, String id) {
        this.cluster = cluster;
        this.id = id;
    }

    /**
     * Submits a job with Flink's own client.
     *
     * @param arguments as after {@code flink run -d}
     */
    public static FlinkJob submit(FlinkCluster cluster, List<String> arguments) {
        List<String> words = new ArrayList<>(List.of("run", "-d"));
        words.addAll(arguments);
        List<String> output = client(cluster, words);
        Matcher matcher = JOB_ID.matcher(String.join("\n", output));
        if (!matcher.find()) {
            throw Failure.atRunTime("flink run named no job:\n" + String.join("\n", output));
        }
        return new FlinkJob(cluster, matcher.group(1));
    }

    /**
     * Waits until the job has finished by itself.
     *
     * @throws Failure if it fails, or takes longer than that
     */
    public void awaitFinished(Duration limit) {
        await("finished", limit, () -> "FINISHED".equals(state()));
    }

    /** Waits until a condition holds; fails if the job ends otherwise or the time is over. */
    public void await(String what, Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            String state = state();
            if (state.equals("FAILED") || state.equals("CANCELED")) {
                throw Failure.atRunTime("The job ended as " + state + ": " + rootCause());
            }
            if (System.nanoTime() > deadline) {
                throw Failure.atRunTime(
                        "The job has not "
                                + what
                                + " within "
                                + limit.toSeconds()
                                + " s; it is "
                                + state);
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    /** {@code RUNNING}, {@code FINISHED} and so on. */
    public String state() {
        return get("").path("state").asText();
    }

    /**
     * When the first of its tasks began to work: from then on the first record was available to it.
     */
    public Instant runningSince() {
        long first = Long.MAX_VALUE;
        for (JsonNode vertex : get("").path("vertices")) {
            for (JsonNode subtask :
                    get("/vertices/" + vertex.path("id").asText() + "/subtasktimes")
                            .path("subtasks")) {
                long running = subtask.path("timestamps").path("RUNNING").asLong();
                if (running > 0) {
                    first = Math.min(first, running);
                }
            }
        }
        if (first == Long.MAX_VALUE) {
            throw new IllegalStateException("No task of the job has run");
        }
        return Instant.ofEpochMilli(first);
    }

    /** Waits until all its tasks work. */
    public void awaitRunning(Duration limit) {
        await("started to work", limit, this::isWorking);
    }

    private boolean isWorking() {
        JsonNode vertices = get("").path("vertices");
        boolean working = !vertices.isEmpty();
        for (JsonNode vertex : vertices) {
            working &= vertex.path("status").asText().equals("RUNNING");
        }
        return working;
    }

    /** Waits for so many further checkpoints. */
    public void awaitCheckpoints(int count, Duration limit) {
        long before = completedCheckpoints();
        await(
                "made " + count + " checkpoints",
                limit,
                () -> completedCheckpoints() >= before + count);
    }

    private long completedCheckpoints() {
        return get("/checkpoints").path("counts").path("completed").asLong();
    }

    /**
     * The last completed checkpoint: {@code state_size} in bytes, {@code end_to_end_duration} in
     * milliseconds.
     */
    public JsonNode lastCheckpoint() {
        return get("/checkpoints").path("latest").path("completed");
    }

    /** Ends the job at once. */
    public void cancel() {
        client(cluster, List.of("cancel", id));
        await("been cancelled", Duration.ofMinutes(2), () -> !state().equals("RUNNING"));
    }

    /** Ends the job with everything published that it has read. */
    public void drain() {
        client(cluster, List.of("stop", "--drain", id));
    }

    /** Why it last failed, with the stack of every cause; empty if it never did. */
    private String lastFailure() {
        return get("/exceptions")
                .path("exceptionHistory")
                .path("entries")
                .path(0)
                .path("stacktrace")
                .asText();
    }

    private String rootCause() {
        String trace = lastFailure();
        return trace.lines()
                .filter(line -> line.startsWith("Caused by:"))
                .reduce((a, b) -> b)
                .orElse(trace);
    }

    /** What Flink knows of it now. */
    public JobStatus status() {
        try {
            return JobStatus.of(cluster.rest(), id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode get(String path) {
        try {
            return cluster.rest().get("/jobs/" + id + path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> client(FlinkCluster cluster, List<String> words) {
        try {
            FlinkClient.Result result = cluster.client().run(words, Map.of());
            if (result.exitCode() != 0) {
                throw Failure.atRunTime(
                        "flink "
                                + String.join(" ", words)
                                + " failed:\n  "
                                + String.join("\n  ", result.output()));
            }
            return result.output();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
