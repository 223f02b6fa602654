package io.quotelake.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ServerTest {
    @TempDir Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private LocalLake lake;
    private Pulse pulse;
    private Server server;

    @BeforeEach
    void start() throws Exception {
        Path table = folder.resolve("stock_market");
        TestLake.write(table, TestLake.quotes(Set.of("NSEI")).subList(0, 500), 7);
        Options options = new Options();
        new CommandLine(options).parseArgs("--lake=" + table);
        lake = new LocalLake(table, table.toString(), TableDefinition.builtIn());
        lake.refresh();
        Charts charts = new Charts(lake);
        pulse = new Pulse(options, lake, charts);
        pulse.start();
        server = new Server("127.0.0.1", 0, charts, pulse);
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
        pulse.close();
        lake.close();
    }

    @Test
    void servesThePageAndItsParts() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(200);
        assertThat(get("/main.js").headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/javascript");
        assertThat(get("/runbook.html").body()).contains("id=\"quotelakepartdown\"");
        assertThat(get("/nosuch.html").statusCode()).isEqualTo(404);
        assertThat(get("/../sql/count.sql").statusCode()).isEqualTo(404);
    }

    @Test
    void answersChartsAndRefusesWrongValues() throws Exception {
        assertThat(get("/api/charts/exactly_once").body()).contains("[[500,500,true]]");
        HttpResponse<String> wrong = get("/api/charts/drawdown?index=NSEI&from=never");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).isEqualTo("from is 'never': it is a date such as 2008-09-15");
        assertThat(get("/api/charts/nosuch").statusCode()).isEqualTo(404);
    }

    @Test
    void onlyReads() throws Exception {
        HttpRequest post =
                HttpRequest.newBuilder(uri("/api/charts/exactly_once"))
                        .POST(BodyPublishers.ofString("DROP TABLE stock_market"))
                        .build();
        assertThat(http.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
    }

    @Test
    void isNotReachedThroughAnotherSitesName() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
            socket.getOutputStream()
                    .write(
                            "GET / HTTP/1.0\r\nHost: evil.example\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 403");
        }
    }

    @Test
    void tellsTheStateAgainAndAgain() throws Exception {
        HttpResponse<InputStream> events =
                http.send(
                        HttpRequest.newBuilder(uri("/api/events")).build(),
                        BodyHandlers.ofInputStream());
        try (InputStream in = events.body()) {
            assertThat(events(in, 3)).contains("\"engine\":\"DuckDB over ");
        }
    }

    private static String events(InputStream in, int count) throws IOException {
        StringBuilder text = new StringBuilder();
        int events = 0;
        while (events < count) {
            int c = in.read();
            assertThat(c).isNotNegative();
            text.append((char) c);
            events += text.toString().endsWith("\n\n") ? 1 : 0;
        }
        return text.toString();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create(server.address() + path);
    }
}
