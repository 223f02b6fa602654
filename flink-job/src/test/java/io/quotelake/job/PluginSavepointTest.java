package io.quotelake.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quotelake.s3.S3Server;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job that wrote to S3 through the plugin that came before the job's own writer goes on from its
 * savepoint.
 */
class PluginSavepointTest {

    private static final int RECORDS = 4_000;

    /** Claims of the table's owner beside the files, whose number they don't depend on. */
    private static final long MAX_OWNER_REQUESTS = 10;

    /**
     * Made by commit 8eeb05a: the job and its plugin, with the records of {@link #value}, stopped
     * with files open. What it had published by then stands beside it: files, and the offsets of
     * their rows.
     */
    private static final Path SAVEPOINT =
            Path.of("src", "test", "resources", "savepoint-0.1.0-s3").toAbsolutePath();

    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    private static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    @TempDir private Path directory;

    @BeforeAll
    static void giveKeys() {
        System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
    }

    @AfterAll
    static void takeKeys() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    private static byte[] value(long number) {
        if (number % 50 == 7) {
            return ("no quote " + number).getBytes(StandardCharsets.UTF_8);
        }
        String index = number % 2 == 0 ? "HSI" : "NYA";
        LocalDate date = LocalDate.of(2001, 1, 1).plusDays(number / 2 % 20);
        return ("{\"index\":\"%s\",\"date\":\"%s\",\"open\":%d.5,\"high\":%d.75,\"low\":%d.25,"
                        + "\"close\":%d.5,\"adj_close\":%d.5,\"volume\":%d,\"close_usd\":null}")
                .formatted(index, date, number, number, number, number, number, number)
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void itsOpenFilesArePublishedAndEveryRowIsThereOnce() throws Exception {
        Map<String, List<Long>> published = publishedBefore();
        int filesBefore = published.size();
        try (S3Server server = new S3Server(directory)) {
            TestLake lake =
                    TestLake.create("made")
                            .withTable("s3://" + S3Server.BUCKET + "/made/table")
                            .with("--roll-interval=1h", "--s3-path-style")
                            .with("--s3-endpoint=http://127.0.0.1:" + server.port());
            resume(lake);

            List<String> keys = server.objects("made/table");
            assertThat(server.requests()).containsOnlyKeys("PutObject", "GetObject");
            assertThat(server.requests().get("PutObject"))
                    .isBetween((long) keys.size(), keys.size() + MAX_OWNER_REQUESTS);
            assertThat(server.requests().get("GetObject")).isLessThan(MAX_OWNER_REQUESTS);
            for (String key : keys) {
                published.merge(key, rows(server.read(key)), PluginSavepointTest::same);
            }
            for (Path file : lake.writtenDeadLetters()) {
                published.merge(
                        "made/dead-letters/" + file.getFileName(),
                        letters(file),
                        PluginSavepointTest::same);
            }
        }

        assertThat(published).hasSizeGreaterThan(filesBefore);
        assertThat(published.values().stream().flatMap(List::stream))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(LongStream.range(0, RECORDS).boxed().toList());
    }

    /** A file that waited for its commit in the savepoint, and was published behind it. */
    private static List<Long> same(List<Long> before, List<Long> again) {
        assertThat(again).isEqualTo(before);
        return before;
    }

    private static List<Long> rows(byte[] file) throws Exception {
        List<Long> offsets = new ArrayList<>();
        for (String line : new String(file, StandardCharsets.UTF_8).lines().toList()) {
            offsets.add(JSON.readTree(line).get("kafka_offset").longValue());
        }
        return offsets;
    }

    private static List<Long> letters(Path file) throws Exception {
        return Files.readAllLines(file).stream()
                .map(line -> Long.valueOf(line.split(" ")[0]))
                .toList();
    }

    private static void resume(TestLake lake) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, SAVEPOINT.toUri().toString());
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        lake.define(environment, RECORDS, PluginSavepointTest::value);
        environment.execute("resumed");
    }

    private static Map<String, List<Long>> publishedBefore() throws Exception {
        Map<String, List<Long>> published = new TreeMap<>();
        for (String line : Files.readAllLines(SAVEPOINT.resolve("published.txt"))) {
            String[] words = line.split(" ");
            published.put(
                    words[0], Arrays.stream(words, 1, words.length).map(Long::valueOf).toList());
        }
        return published;
    }
}
