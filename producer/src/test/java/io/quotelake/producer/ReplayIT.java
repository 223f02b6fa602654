package io.quotelake.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.producer.csv.CsvText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The producer against a real broker. */
@Timeout(300)
class ReplayIT {

    private static final List<String> INDICES = List.of("HSI", "NYA", "N225", "000001.SS", "GDAXI");

    @TempDir static Path brokerDirectory;
    private static TestBroker broker;

    @TempDir Path directory;
    private String topic;

    @BeforeAll
    static void startBroker() throws IOException {
        broker = new TestBroker(brokerDirectory).start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void nameTopic(TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName();
    }

    @Test
    void sendsEachRowOnceKeyedByIndexAndInOrder() throws Exception {
        Path csv = csv(5_000);

        Run run = replay(csv, "--create-topic", "--partitions", "3");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("Sent 5,000 rows to " + topic, "retries 0");
        assertEachRowOnceAndInOrder(csv, 1);
        assertThat(new String(records().get(0).value(), StandardCharsets.UTF_8))
                .startsWith("{\"index\":\"")
                .endsWith("\"close_usd\":1.25}");
        try (Admin admin = broker.admin()) {
            assertThat(
                            admin.describeTopics(List.of(topic))
                                    .allTopicNames()
                                    .get()
                                    .get(topic)
                                    .partitions())
                    .hasSize(3);
        }
    }

    @Test
    void refusesATopicThatIsNotThere() throws Exception {
        Run run = replay(csv(1));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("there is no topic " + topic, "--create-topic");
    }

    @Test
    void tellsWithin15SecondsThatNoBrokerIsThere() throws Exception {
        long start = System.nanoTime();
        Run run = Run.of("replay", csv(1).toString(), "--bootstrap-servers", "127.0.0.1:1");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("no Kafka broker answers at 127.0.0.1:1").hasLineCount(1);
    }

    @Test
    void stampsRecordsWithTheTradingDayAndDaysBefore1970WithItsFirstMoment() throws Exception {
        Path csv =
                CsvText.write(
                        directory,
                        CsvText.HEADER
                                + CsvText.row("NYA", "1965-12-31", 1)
                                + CsvText.row("NYA", "2008-01-02", 2));

        Run run = replay(csv, "--create-topic", "--timestamp", "date");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(records())
                .extracting(ConsumerRecord::timestamp)
                .containsExactly(0L, TimeUnit.DAYS.toMillis(LocalDate.of(2008, 1, 2).toEpochDay()));
    }

    @Test
    void tellsHowManyRowsWereAcknowledgedWhenDeliveryFails() throws Exception {
        String longIndex = "X".repeat(200_000);
        Path csv =
                CsvText.write(
                        directory,
                        CsvText.HEADER
                                + CsvText.row("HSI", "2008-01-02", 1)
                                + CsvText.row("HSI", "2008-01-03", 2)
                                + CsvText.row(longIndex, "2008-01-04", 3));

        Run run = replay(csv, "--create-topic", "--kafka-property", "max.request.size=100000");

        assertThat(run.code()).isEqualTo(1);
        assertThat(lastLine(run.err()))
                .contains("delivery to " + topic + " failed after", "rows were acknowledged");
        assertThat(records()).hasSize(2);
    }

    @Test
    void keepsARateAndSendsTheFirstRowAtOnce() throws Exception {
        Path csv = csv(2_000);
        long start = System.nanoTime();

        Run run = replay(csv, "--create-topic", "--rate", "1000/s");

        assertThat(run.code()).as(run.err()).isZero();
        List<ConsumerRecord<byte[], byte[]>> records = records();
        long first = records.stream().mapToLong(ConsumerRecord::timestamp).min().orElseThrow();
        long last = records.stream().mapToLong(ConsumerRecord::timestamp).max().orElseThrow();
        assertThat(last - first).isBetween(1_900L, 2_600L);
        long whole = Duration.ofNanos(System.nanoTime() - start).toMillis();
        assertThat(whole).isGreaterThanOrEqualTo(last - first);
    }

    @Test
    void deliversWhatWasSentWhenTerminatedEvenWhileItWaitsForInput() throws Exception {
        Path csv = csv(1_000);
        createTopic();
        try (ProducerProcess producer =
                ProducerProcess.start(
                        directory,
                        "replay",
                        "-",
                        "--bootstrap-servers",
                        broker.address(),
                        "--topic",
                        topic)) {
            producer.process().getOutputStream().write(Files.readAllBytes(csv));
            producer.process().getOutputStream().flush();
            await().until(() -> records().size() == 1_000);

            producer.terminate();

            assertThat(producer.await()).isEqualTo(143);
            assertThat(producer.out()).contains("Stopped: sent 1,000 rows to " + topic);
            assertThat(producer.err()).doesNotContain("quotelake-producer:");
        }
    }

    @Test
    void losesAndDoublesNothingWhenTheBrokerRestarts() throws Exception {
        Path csv = csv(6_000);
        createTopic();
        CompletableFuture<Run> run =
                CompletableFuture.supplyAsync(() -> replay(csv, "--rate", "2000/s"));
        await().until(() -> records().size() > 1_000);

        broker.stop();
        broker.start();

        Run ended = run.get(60, TimeUnit.SECONDS);
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("Sent 6,000 rows");
        assertEachRowOnceAndInOrder(csv, 1);
    }

    @Test
    void goesOnBehindCommittedRowsAfterEachKill() throws Exception {
        long seed = 19_861_231L;
        SplittableRandom random = new SplittableRandom(seed);
        int rows = 9_000;
        Path csv = csv(rows);
        createTopic();
        String[] arguments = {
            "replay",
            csv.toString(),
            "--bootstrap-servers",
            broker.address(),
            "--topic",
            topic,
            "--transactional-id",
            "feed",
            "--transaction-size",
            "100",
            "--rate",
            "3000/s"
        };
        try (Admin admin = broker.admin()) {
            for (int kill = 1; kill <= 5; kill++) {
                long before = TestBroker.committedEnd(admin, topic);
                long target = before + 1 + random.nextInt(rows / 6);
                try (ProducerProcess producer = ProducerProcess.start(directory, arguments)) {
                    await().until(
                                    () ->
                                            TestBroker.committedEnd(admin, topic) >= target
                                                    || !producer.process().isAlive());
                    assertThat(producer.process().isAlive())
                            .as("seed %d, kill %d: %s", seed, kill, producer.err())
                            .isTrue();
                    producer.process().destroyForcibly().waitFor();
                }
            }
        }
        assertThat(records().size()).as("seed %d", seed).isLessThan(rows);

        try (ProducerProcess producer = ProducerProcess.start(directory, arguments)) {
            assertThat(producer.await()).as(producer.err()).isZero();
            assertThat(producer.out()).contains("rows published before");
        }

        assertEachRowOnceAndInOrder(csv, 1);
    }

    @Test
    void carriesThePositionOverPassesAndTheLimit() throws Exception {
        Path csv = csv(1_000);
        createTopic();
        String[] options = {
            "--transactional-id", "loop", "--transaction-size", "300", "--loop", "3"
        };

        assertThat(replay(csv, with(options, "--limit", "1250")).out()).contains("Sent 1,250 rows");
        assertThat(replay(csv, with(options, "--limit", "1250")).out())
                .contains("Going on behind 1,250 rows", "Sent 0 rows");
        assertThat(replay(csv, options).out()).contains("Sent 1,750 rows");

        assertEachRowOnceAndInOrder(csv, 3);
    }

    @Test
    void refusesToGoOnWithAnotherFileOrOrderOrTopic() throws Exception {
        Path csv = csv(100);
        createTopic();
        String[] options = {"--transactional-id", "feed"};
        assertThat(replay(csv, options).code()).isZero();

        Run otherOrder = replay(csv, with(options, "--order", "date"));
        Run otherSelection = replay(csv, with(options, "--index", "HSI"));
        Files.writeString(csv, Files.readString(csv).replaceFirst("1.25", "1.26"));
        Run otherFile = replay(csv, options);
        try (Admin admin = broker.admin()) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
        createTopic();
        Run otherTopic = replay(csv, options);

        assertThat(List.of(otherOrder, otherSelection, otherFile, otherTopic))
                .allSatisfy(
                        run -> {
                            assertThat(run.code()).isEqualTo(2);
                            assertThat(run.err())
                                    .hasLineCount(1)
                                    .contains("begin anew with another --transactional-id");
                        });
        assertThat(otherOrder.err()).contains("order=file");
        assertThat(otherSelection.err()).contains("index=all");
        assertThat(otherFile.err()).contains("other content");
        assertThat(otherTopic.err()).contains("another topic of this name");
    }

    @Test
    void readsPositionsOfOlderVersionsThatNameNoTopicId() throws Exception {
        Path csv = csv(1_000);
        createTopic();
        String[] options = {"--transactional-id", "feed", "--transaction-size", "100"};
        assertThat(replay(csv, with(options, "--limit", "500")).code()).isZero();
        String positions = topic + ".producer-positions";
        byte[] position =
                broker.readCommitted(positions).stream().reduce((a, b) -> b).orElseThrow().value();
        String older =
                new String(position, StandardCharsets.UTF_8)
                        .replaceFirst("\"topic_id\":\"[^\"]*\",", "");
        broker.send(positions, "feed", older);

        Run run = replay(csv, options);

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("Going on behind 500 rows");
        assertThat(run.err()).contains("names no topic id");
        assertEachRowOnceAndInOrder(csv, 1);
    }

    @Test
    void saysWhenTheTopicWasMadeAnewWhileItSent() throws Exception {
        Path csv = csv(3_000);
        createTopic();
        CompletableFuture<Run> run =
                CompletableFuture.supplyAsync(() -> replay(csv, "--rate", "500/s"));
        await().until(() -> records().size() > 200);

        try (Admin admin = broker.admin()) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
        createTopic();

        Run ended = run.get(60, TimeUnit.SECONDS);
        assertThat(ended.code()).as(ended.err()).isEqualTo(1);
        assertThat(lastLine(ended.err())).contains(topic);
    }

    @Test
    void sendsToTheClusterThatIsAskedForOnly() throws Exception {
        Path csv = csv(10);
        createTopic();
        String id;
        try (Admin admin = broker.admin()) {
            id = admin.describeCluster().clusterId().get();
        }

        assertThat(replay(csv, "--cluster-id", id).code()).isZero();
        Run other = replay(csv, "--cluster-id", "another");

        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err()).hasLineCount(1).contains("are of the cluster " + id);
        assertThat(records()).hasSize(10);
    }

    @Test
    void packsAsAskedAndSaysWhoCannotReadTheDefault() throws Exception {
        Path csv = csv(1_000);
        createTopic();

        Run packed = replay(csv, "--compression", "gzip");
        Run standard = replay(csv);

        assertThat(packed.code()).as(packed.err()).isZero();
        assertThat(packed.err()).doesNotContain("lz4");
        assertThat(standard.err()).contains("--compression gzip");
        assertThat(records()).hasSize(2_000);
    }

    @Test
    void goesOnOverSeveralFiles() throws Exception {
        createTopic();
        Path folder = Files.createDirectory(directory.resolve("years"));
        StringBuilder all = new StringBuilder(CsvText.HEADER);
        for (int year = 2001; year <= 2003; year++) {
            StringBuilder rows = new StringBuilder();
            for (int i = 0; i < 300; i++) {
                String day = LocalDate.of(year, 1, 1).plusDays(i).toString();
                rows.append(CsvText.row("HSI", day, 1000 * (year - 2000) + i));
            }
            all.append(rows);
            Files.writeString(folder.resolve(year + ".csv"), CsvText.HEADER + rows);
        }
        String[] options = {"--transactional-id", "years", "--transaction-size", "70"};

        assertThat(replay(folder, with(options, "--limit", "450")).code()).isZero();
        Run second = replay(folder, options);

        assertThat(second.out()).contains("Going on behind 450 rows", "Sent 450 rows");
        assertEachRowOnceAndInOrder(CsvText.write(directory, all.toString()), 1);
    }

    @Test
    void refusesToStartAnewWhenThePositionIsLostButRowsAreThere() throws Exception {
        Path csv = csv(100);
        createTopic();
        assertThat(replay(csv, "--transactional-id", "feed").code()).isZero();
        try (Admin admin = broker.admin()) {
            admin.deleteTopics(List.of(topic + ".producer-positions")).all().get();
        }

        Run sameId = replay(csv, "--transactional-id", "feed");
        Run otherId = replay(csv, "--transactional-id", "other");

        assertThat(sameId.code()).isEqualTo(2);
        assertThat(sameId.err()).contains("holds rows of the transactional id feed");
        assertThat(otherId.code()).as(otherId.err()).isZero();
        awaitMarkers().untilAsserted(() -> assertThat(records()).hasSize(200));
    }

    /** Patient: other work on the machine may slow a starting JVM down. */
    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }

    /** A commit is decided before its markers reach the partitions and readers see its rows. */
    private static ConditionFactory awaitMarkers() {
        return await();
    }

    private Run replay(Path csv, String... options) {
        return Run.of(
                with(
                        new String[] {
                            "replay",
                            csv.toString(),
                            "--bootstrap-servers",
                            broker.address(),
                            "--topic",
                            topic
                        },
                        options));
    }

    private static String[] with(String[] first, String... more) {
        String[] all = Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }

    private void createTopic() throws InterruptedException, ExecutionException {
        try (Admin admin = broker.admin()) {
            admin.createTopics(List.of(new NewTopic(topic, 3, (short) 1))).all().get();
        }
        await().until(
                        () -> {
                            try (Admin admin = broker.admin()) {
                                return admin.listTopics().names().get().contains(topic);
                            }
                        });
    }

    private static String lastLine(String text) {
        return text.lines().reduce("", (before, line) -> line);
    }

    private List<ConsumerRecord<byte[], byte[]>> records() {
        return broker.readCommitted(topic);
    }

    /** Rows of five indices in turn, each known by its number, a day per row. */
    private Path csv(int rows) throws IOException {
        StringBuilder text = new StringBuilder(CsvText.HEADER);
        for (int i = 0; i < rows; i++) {
            String date = LocalDate.of(1990, 1, 1).plusDays(i).toString();
            text.append(CsvText.row(INDICES.get(i % INDICES.size()), date, i));
        }
        return CsvText.write(directory, text.toString());
    }

    private void assertEachRowOnceAndInOrder(Path csv, int passes) throws IOException {
        Map<String, List<String>> expected =
                Stream.generate(() -> read(csv))
                        .limit(passes)
                        .flatMap(List::stream)
                        .collect(Collectors.groupingBy(ReplayIT::index));
        awaitMarkers()
                .untilAsserted(
                        () ->
                                assertThat(
                                                records().stream()
                                                        .map(
                                                                record ->
                                                                        new String(
                                                                                record.value(),
                                                                                StandardCharsets
                                                                                        .UTF_8))
                                                        .collect(
                                                                Collectors.groupingBy(
                                                                        ReplayIT::index)))
                                        .isEqualTo(expected));
        assertThat(records())
                .allSatisfy(
                        record ->
                                assertThat(new String(record.key(), StandardCharsets.UTF_8))
                                        .isEqualTo(
                                                index(
                                                        new String(
                                                                record.value(),
                                                                StandardCharsets.UTF_8))));
    }

    private static List<String> read(Path csv) {
        try {
            return CsvText.read(csv).json();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String index(String json) {
        return json.replaceAll("^\\{\"index\":\"([^\"]*)\".*", "$1");
    }
}
