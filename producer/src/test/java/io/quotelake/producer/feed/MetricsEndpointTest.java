package io.quotelake.producer.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quotelake.producer.Main;
import io.quotelake.producer.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsEndpointTest {

    private static final String CSV =
            "Index,Date,Open,High,Low,Close,Adj Close,Volume,CloseUSD\n"
                    + "HSI,1986-12-31,1,2,1,2,2,0.0,0.3\n";

    private final HttpClient http = HttpClient.newHttpClient();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @TempDir private Path directory;

    @Test
    void showsTheFiguresOfAFeedWhileItRuns() throws Exception {
        int port = freePort();

        CompletableFuture<Integer> feed =
                CompletableFuture.supplyAsync(
                        () -> sample("--rate", "100/s", "--limit", "300", "--metrics", "" + port));

        await().atMost(Duration.ofSeconds(10))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(acknowledged(port)).isBetween(1.0, 300.0));
        assertThat(feed.join()).isZero();
        assertThat(isFree(port)).as("the port is given back").isTrue();
    }

    @Test
    void saysInOneLineThatTheAddressIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int exitCode = sample("--limit", "1", "--metrics", "" + taken.getLocalPort());

            assertThat(exitCode).isEqualTo(2);
            assertThat(errors.toString())
                    .contains("can't show metrics at 127.0.0.1:" + taken.getLocalPort());
        }
    }

    private int sample(String... options) {
        try {
            Path file = Files.writeString(directory.resolve("quotes.csv"), CSV);
            PrintStream out = new PrintStream(new ByteArrayOutputStream());
            String[] arguments = new String[options.length + 3];
            arguments[0] = "sample";
            arguments[1] = file.toString();
            arguments[2] = "--dry-run";
            System.arraycopy(options, 0, arguments, 3, options.length);
            return new Main(new Terminal(out, new PrintStream(errors), false)).run(arguments);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private double acknowledged(int port) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
        String text =
                http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
        Matcher figure =
                Pattern.compile("(?m)^quotelake_producer_rows_acknowledged_total (.*)$")
                        .matcher(text);
        assertThat(figure.find()).as(text).isTrue();
        return Double.parseDouble(figure.group(1));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
