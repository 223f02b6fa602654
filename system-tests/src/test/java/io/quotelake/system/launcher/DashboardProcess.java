package io.quotelake.system.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quotelake.local.process.ChildProcess;
import io.quotelake.local.process.JavaCommand;
import io.quotelake.local.stack.Installation;
import io.quotelake.local.stack.StateDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;

/** The dashboard's jar as a process, asked as a browser asks it. */
public final class DashboardProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String READY = "Dashboard: ";

    private final HttpClient http = HttpClient.newHttpClient();
    private final ChildProcess process;
    private final URI address;

    private DashboardProcess(ChildProcess process) {
        this.process = process;
        address =
                URI.create(await().atMost(Duration.ofMinutes(1)).until(this::said, s -> s != null));
    }

    /** Starts it on a free port. */
    public static DashboardProcess start(String name, StateDirectory state, String... options) {
        return new DashboardProcess(
                ChildProcess.start(
                        new JavaCommand()
                                .options("-Xmx192m")
                                .jar(Installation.current().dashboardJar())
                                .arguments("--port", "0")
                                .arguments(options),
                        Map.of(),
                        state.logs().resolve(name + ".log"),
                        state.run()));
    }

    private String said() throws IOException {
        assertThat(process.isAlive()).as("dashboard, see %s", process.output()).isTrue();
        return Files.readAllLines(process.output()).stream()
                .filter(line -> line.startsWith(READY))
                .map(line -> line.substring(READY.length()))
                .findFirst()
                .orElse(null);
    }

    /** The state as it is told now. */
    public JsonNode state() throws IOException, InterruptedException {
        HttpResponse<InputStream> events = send("/api/events", BodyHandlers.ofInputStream());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
            return JSON.readTree(lines.readLine().substring("data: ".length()));
        }
    }

    /** A chart's answer; the question is as a browser writes it, such as {@code files?}. */
    public JsonNode chart(String question) throws IOException, InterruptedException {
        HttpResponse<String> answer = send("/api/charts/" + question, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as("%s: %s", question, answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private <T> HttpResponse<T> send(String path, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(address + path)).build(), handler);
    }

    @Override
    public void close() {
        process.close();
    }
}
