package io.quotelake.flink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Flink's REST interface, as far as our programs ask it.
 *
 * @see <a href="https://nightlies.apache.org/flink/flink-docs-release-2.3/docs/ops/rest_api/">REST
 *     API</a>
 */
public final class FlinkRest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The states of a job that will not run again. */
    public static final Set<String> ENDED = Set.of("FINISHED", "CANCELED", "FAILED");

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    private final Duration answerWithin;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final List<URI> addresses;

    /**
     * @param address e.g. {@code http://127.0.0.1:8081}
     */
    public FlinkRest(URI address) {
        this(address, ANSWER_WITHIN);
    }

    /**
     * @param answerWithin how long each answer is waited for
     */
    public FlinkRest(URI address, Duration answerWithin) {
        this(List.of(address), answerWithin);
    }

    private FlinkRest(List<URI> addresses, Duration answerWithin) {
        this.addresses = addresses;
        this.answerWithin = answerWithin;
    }

    /** Several JobManagers of one cluster: each of them answers for the one that leads. */
    public static FlinkRest ofAny(List<FlinkRest> each) {
        return new FlinkRest(each.stream().map(FlinkRest::address).toList(), ANSWER_WITHIN);
    }

    /** Where the web UI is. */
    public URI address() {
        return addresses.get(0);
    }

    /** The resource ids of the registered TaskManagers; none if the JobManager does not answer. */
    public Set<String> taskManagers() {
        Set<String> ids = new TreeSet<>();
        try {
            get("/taskmanagers")
                    .path("taskmanagers")
                    .forEach(one -> ids.add(one.path("id").asText()));
        } catch (IOException e) {
            return Set.of();
        }
        return ids;
    }

    /** Each known job's id and state, e.g. {@code RUNNING}. */
    public Map<String, String> jobs() throws IOException {
        Map<String, String> jobs = new LinkedHashMap<>();
        get("/jobs")
                .path("jobs")
                .forEach(job -> jobs.put(job.path("id").asText(), job.path("status").asText()));
        return jobs;
    }

    /** The ids of the jobs that have not come to an end. */
    public List<String> unendedJobs() throws IOException {
        return jobs().entrySet().stream()
                .filter(job -> !ENDED.contains(job.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whatever stands at a path, e.g. {@code /jobs/ID/checkpoints}. */
    public JsonNode get(String path) throws IOException {
        IOException last = null;
        for (URI address : addresses) {
            try {
                return get(address, path);
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private JsonNode get(URI address, String path) throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(address.resolve(path)).timeout(answerWithin).build();
        HttpResponse<byte[]> response = send(request);
        if (response.statusCode() >= 300) {
            throw new IOException(request.uri() + " answers with status " + response.statusCode());
        }
        return JSON.readTree(response.body());
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.atRunTime("Interrupted while asking " + request.uri());
        }
    }
}
