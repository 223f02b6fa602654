package io.quotelake.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.athena.AthenaClient;

/**
 * What is said to Athena and what it answers, with moto's server, where it is installed. That runs
 * no SQL: it gives the results that it was told.
 */
class AthenaLakeTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir static Path directory;

    private static Process moto;
    private static URI address;
    private static AthenaClient client;

    @BeforeAll
    static void start() throws Exception {
        Optional<Path> program =
                Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, "moto_server"))
                        .filter(Files::isExecutable)
                        .findFirst();
        assumeTrue(program.isPresent(), "moto_server is not installed");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        moto =
                new ProcessBuilder(program.get().toString(), "-H", "127.0.0.1", "-p", "" + port)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("moto.log").toFile())
                        .start();
        address = URI.create("http://127.0.0.1:" + port);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(
                        () -> {
                            new Socket("127.0.0.1", port).close();
                            return true;
                        });
        client =
                AthenaClient.builder()
                        .endpointOverride(address)
                        .region(Region.US_EAST_1)
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create("test", "test")))
                        .build();
    }

    @AfterAll
    static void stop() {
        if (client != null) {
            client.close();
        }
        if (moto != null) {
            moto.destroyForcibly();
        }
    }

    @Test
    void readsEachValueByItsType() throws Exception {
        prepare(
                List.of("index", "quotes", "close", "exactly_once", "nothing"),
                List.of("varchar", "bigint", "double", "boolean", "double"),
                Arrays.asList("HSI", "9007199254740993", "2.568300049E3", "true", null));

        Rows rows =
                lake("primary")
                        .query(
                                "SELECT ? AS index, 1 AS quotes",
                                List.of("it's", Integer.valueOf(7)));

        assertThat(rows.columns())
                .containsExactly("index", "quotes", "close", "exactly_once", "nothing");
        assertThat(rows.rows())
                .containsExactly(Arrays.asList("HSI", "9007199254740993", 2568.300049, true, null));
    }

    @Test
    void bindsTextAndNumbersAsSqlWritesThem() throws Exception {
        prepare(List.of("one"), List.of("integer"), List.of("1"));

        lake("primary").query("SELECT ?, ?", List.of("it's", Integer.valueOf(7)));

        List<String> bound =
                client
                        .listQueryExecutions(all -> all.workGroup("primary"))
                        .queryExecutionIds()
                        .stream()
                        .map(
                                one ->
                                        client.getQueryExecution(q -> q.queryExecutionId(one))
                                                .queryExecution())
                        .filter(one -> one.query().equals("SELECT ?, ?"))
                        .findFirst()
                        .orElseThrow()
                        .executionParameters();
        assertThat(bound).containsExactly("'it''s'", "7");
    }

    @Test
    void saysWhatAthenaDoesNotLike() {
        assertThatThrownBy(() -> lake("nosuch").query("SELECT 1", List.of()))
                .isInstanceOf(UnavailableException.class)
                .hasMessageStartingWith("Athena has no answer: ");
    }

    private static AthenaLake lake(String workgroup) {
        return new AthenaLake(client, workgroup, "quotes", Duration.ofSeconds(10));
    }

    /** The next query's result: a header, and a row. */
    private static void prepare(List<String> names, List<String> types, List<String> values)
            throws Exception {
        List<Map<String, Object>> columns = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            columns.add(Map.of("Name", names.get(i), "Label", names.get(i), "Type", types.get(i)));
        }
        Map<String, Object> result =
                Map.of("rows", List.of(row(names), row(values)), "column_info", columns);
        byte[] body = JSON.writeValueAsBytes(Map.of("results", List.of(result)));
        assertThat(
                        HTTP.send(
                                        HttpRequest.newBuilder(
                                                        address.resolve(
                                                                "/moto-api/static/athena/query-results"))
                                                .POST(BodyPublishers.ofByteArray(body))
                                                .build(),
                                        BodyHandlers.ofString())
                                .statusCode())
                .isEqualTo(201);
    }

    private static Map<String, Object> row(List<String> values) {
        return Map.of(
                "Data",
                values.stream()
                        .map(value -> value == null ? Map.of() : Map.of("VarCharValue", value))
                        .toList());
    }
}
