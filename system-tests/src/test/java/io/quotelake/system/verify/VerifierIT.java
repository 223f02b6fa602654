package io.quotelake.system.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.quotelake.system.stack.KafkaAndS3;
import io.quotelake.terminal.Failure;
import io.quotelake.verifier.table.Lake;
import io.quotelake.verifier.table.Lakes;
import io.quotelake.verifier.verify.Finding;
import io.quotelake.verifier.verify.Finding.Kind;
import io.quotelake.verifier.verify.Granularity;
import io.quotelake.verifier.verify.LakeRow;
import io.quotelake.verifier.verify.Progress;
import io.quotelake.verifier.verify.Report;
import io.quotelake.verifier.verify.Until;
import io.quotelake.verifier.verify.Verification;
import io.quotelake.verifier.verify.Verifier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * The verifier on a topic of a real broker and a lake on a real S3 endpoint, whose rows this test
 * writes by hand, as the design says: first right, then wrong in each way.
 */
class VerifierIT {
    private static final int PARTITIONS = 2;
    private static final int QUOTES = 600;

    private static KafkaAndS3 parts;

    /** What most tests read; a test that changes its topic publishes its own. */
    private static Published shared;

    private final String prefix = UUID.randomUUID().toString();
    private final Path table = parts.s3().bucket("lake").resolve(prefix);
    private Published published = shared;

    /**
     * A topic and what belongs to it.
     *
     * @param files the lake's, by key
     * @param abortedOffset of a record in partition 0 that no reader shall see
     */
    private record Published(String topic, Map<String, String> files, long abortedOffset) {}

    @BeforeAll
    static void start() throws Exception {
        parts = KafkaAndS3.start();
        parts.s3().createBucket("lake");
        shared = publish();
    }

    @AfterAll
    static void stop() {
        parts.close();
    }

    @BeforeEach
    void fillLake() throws IOException {
        for (Map.Entry<String, String> file : published.files().entrySet()) {
            write(file.getKey(), file.getValue().getBytes(UTF_8));
        }
    }

    @Test
    void aLakeWithEveryRowOnceIsClean() throws Exception {
        Report report = verify();

        assertThat(report.findings()).isEmpty();
        assertThat(report.isClean()).isTrue();
        assertThat(report.rows()).isEqualTo(QUOTES);
        assertThat(report.records()).isEqualTo(QUOTES + 6);
        assertThat(report.deadLetters()).isEqualTo(6);
        assertThat(report.granularity()).isEqualTo(Granularity.month);
    }

    @Test
    void aDirectoryIsReadAsTheSameLake() throws Exception {
        assertThat(verify(Lakes.at(table.toUri().toString(), null)).isClean()).isTrue();
    }

    @Test
    void aRowThatIsGoneIsMissing() throws Exception {
        String key = firstKey();
        String row = published.files().get(key).lines().findFirst().orElseThrow();
        write(key, published.files().get(key).substring(row.length() + 1).getBytes(UTF_8));

        assertFound(Kind.MISSING, place(row), "no row in the lake");
    }

    @Test
    void theRowsOfAnObjectThatIsGoneAreMissing() throws Exception {
        long rows = published.files().get(firstKey()).lines().count();
        Files.delete(table.resolve(firstKey()));

        assertThat(verify().counts()).containsExactly(Map.entry(Kind.MISSING, rows));
    }

    @Test
    void theRowsOfAFileThatIsThereTwiceAreDoubled() throws Exception {
        String copy = firstKey().replace("part-", "part-copy-");
        write(copy, published.files().get(firstKey()).getBytes(UTF_8));
        String row = published.files().get(firstKey()).lines().findFirst().orElseThrow();

        Report report = assertFound(Kind.DOUBLED, place(row), copy);

        assertThat(report.counts().get(Kind.DOUBLED))
                .isEqualTo(published.files().get(firstKey()).lines().count());
    }

    @Test
    void aDigitThatChangedIsAltered() throws Exception {
        String row = published.files().get(firstKey()).lines().findFirst().orElseThrow();
        String altered =
                published.files().get(firstKey()).replaceFirst("(\"open\":\\d+\\.)\\d", "$19");
        write(firstKey(), altered.getBytes(UTF_8));

        assertFound(Kind.ALTERED, place(row), "open is ");
    }

    @Test
    void aByteThatBreaksARowMakesItMalformedAndItsRecordMissing() throws Exception {
        String row = published.files().get(firstKey()).lines().findFirst().orElseThrow();
        write(
                firstKey(),
                published
                        .files()
                        .get(firstKey())
                        .replaceFirst("\"open\"", "\"opan\"")
                        .getBytes(UTF_8));

        Report report = assertFound(Kind.MALFORMED, firstKey() + ":1", "opan");

        assertThat(report.findings())
                .anyMatch(
                        finding ->
                                finding.kind() == Kind.MISSING
                                        && finding.place().equals(place(row)));
    }

    @Test
    void aFileWithoutItsEndIsMalformed() throws Exception {
        String content = published.files().get(firstKey());
        write(firstKey(), content.substring(0, content.length() - 20).getBytes(UTF_8));

        assertFound(
                Kind.MALFORMED,
                firstKey() + ":" + content.lines().count(),
                "in the middle of a line");
    }

    @Test
    void aFileInTheFolderOfAnotherIndexOrDateIsMisplaced() throws Exception {
        String row = published.files().get(firstKey()).lines().findFirst().orElseThrow();
        String elsewhere = firstKey().replaceFirst("index=[^/]+", "index=NYA2");
        Files.createDirectories(table.resolve(elsewhere).getParent());
        Files.move(table.resolve(firstKey()), table.resolve(elsewhere));

        assertFound(Kind.MISPLACED, place(row), "is in " + elsewhere);
    }

    @Test
    void aFileUnderADateOfAnotherGranularityIsMisplaced() throws Exception {
        String row = published.files().get(firstKey()).lines().findFirst().orElseThrow();
        String elsewhere = firstKey().replaceFirst("(date=\\d{4})-\\d{2}", "$1");
        Files.createDirectories(table.resolve(elsewhere).getParent());
        Files.move(table.resolve(firstKey()), table.resolve(elsewhere));

        assertFound(Kind.MISPLACED, place(row), "is in " + elsewhere);
    }

    @Test
    void objectsThatAreNoPartFilesAreStray() throws Exception {
        String temporary = firstKey().replace("part-", "_part-") + "_tmp_4711";
        write(temporary, published.files().get(firstKey()).getBytes(UTF_8));
        write("_SUCCESS", new byte[0]);
        write(firstKey().replace("part-", "part-0-empty-"), new byte[0]);

        Report report = assertFound(Kind.STRAY, temporary, "not a part file");

        assertThat(report.counts()).containsExactly(Map.entry(Kind.STRAY, 3L));
    }

    @Test
    void aRowOfARecordThatWasAbortedIsUnexpected() throws Exception {
        String rows = published.files().get(firstKey());
        String row = rows.lines().findFirst().orElseThrow();
        String ghost =
                row.replaceFirst("\"kafka_partition\":\\d", "\"kafka_partition\":0")
                        .replaceFirst(
                                "\"kafka_offset\":\\d+",
                                "\"kafka_offset\":" + published.abortedOffset());
        write(firstKey(), (rows + ghost + "\n").getBytes(UTF_8));

        assertFound(
                Kind.UNEXPECTED,
                "partition 0 offset " + published.abortedOffset(),
                "no committed record");
    }

    @Test
    void aQuoteAmongTheDeadLettersAndADeadLetterWithOtherBytesAreFound() throws Exception {
        published = publish();
        fillLake();
        RecordMetadata bad;
        RecordMetadata good;
        RecordMetadata unheard;
        try (KafkaProducer<byte[], byte[]> producer = producer(published.topic())) {
            producer.initTransactions();
            producer.beginTransaction();
            bad = send(producer, published.topic(), 0, "{\"index\":").get();
            sendDeadLetter(producer, bad, "something else");
            good = send(producer, published.topic(), 0, json(1)).get();
            sendDeadLetter(producer, good, json(1));
            unheard = send(producer, published.topic(), 0, "not json").get();
            producer.commitTransaction();
        }

        Report report = assertFound(Kind.ALTERED, place(bad), "of the dead letter");

        assertThat(report.findings())
                .anyMatch(
                        found ->
                                found.kind() == Kind.MISPLACED && found.place().equals(place(good)))
                .anyMatch(
                        found ->
                                found.kind() == Kind.MISSING
                                        && found.place().equals(place(unheard))
                                        && found.detail().contains("no dead letter"));
        assertThat(report.counts().values()).containsOnly(1L);
    }

    @Test
    void compressedFilesAreReadAndDamageInThemIsFound() throws Exception {
        List<String> keys = List.copyOf(published.files().keySet());
        Files.delete(table.resolve(keys.get(0)));
        Files.delete(table.resolve(keys.get(1)));
        byte[] zipped = gzip(published.files().get(keys.get(0)));
        write(keys.get(0) + ".gz", zipped);
        write(
                keys.get(1) + ".zst",
                Zstd.compress(published.files().get(keys.get(1)).getBytes(UTF_8)));
        assertThat(verify().isClean()).isTrue();

        zipped[zipped.length / 2] ^= 0x55;
        write(keys.get(0) + ".gz", zipped);

        Report report = verify();
        assertThat(report.isClean()).isFalse();
        assertThat(report.findings().toString()).contains(keys.get(0) + ".gz");
    }

    @Test
    void rowsOfOffsetsThatTheTopicNoLongerRetainsAreNotJudged() throws Exception {
        published = publish();
        fillLake();
        parts.deleteRecords(published.topic(), 0, 100);

        Report report = verify();

        assertThat(report.findings()).isEmpty();
        assertThat(report.rowsNoLongerRetained()).isEqualTo(100);
        assertThat(report.lines().toString()).contains("Not judged");
    }

    @Test
    void onlyRecordsFromTheAskedTimeOnAreJudged() throws Exception {
        Files.delete(table.resolve(firstKey()));
        Instant later = Instant.now().plus(1, ChronoUnit.DAYS);

        Report report = verify(lake(), later);

        assertThat(report.isClean()).isTrue();
        assertThat(report.records()).isZero();
    }

    @Test
    void recordsThatTheTopicLostBeforeTheyWereReadAreFound() throws Exception {
        published = publish();
        fillLake();
        removeRows(0, 90, Long.MAX_VALUE);
        parts.deleteRecords(published.topic(), 0, 120);

        Report report = assertFound(Kind.LOST, "partition 0 offsets 90-119", "before it was read");

        assertThat(report.counts()).containsEntry(Kind.LOST, 30L);
        assertThat(report.findings())
                .anyMatch(
                        found ->
                                found.kind() == Kind.MISSING
                                        && found.place().startsWith("partition 0 offsets 120-"));
    }

    @Test
    void whatARunningJobHasNotPublishedIsWaitingAndWhatItHasIsMissing() throws Exception {
        removeRows(0, 30, 50);
        removeRows(1, 200, Long.MAX_VALUE);
        Progress progress = Progress.running("4711", Map.of(0, 40L, 1, 180L), 0);

        Report report = verify(Until.LATEST, Optional.of(progress));

        assertThat(report.counts().get(Kind.MISSING)).isEqualTo(10);
        assertThat(report.findings())
                .anyMatch(
                        found ->
                                found.kind() == Kind.MISSING
                                        && found.place().equals("partition 0 offsets 30-39"))
                .anyMatch(
                        found ->
                                found.kind() == Kind.WAITING
                                        && found.place().equals("partition 0 offsets 40-49")
                                        && found.detail().contains("job 4711"));
        assertThat(report.isOnlyWaiting()).isFalse();
    }

    @Test
    void whenNothingIsWrongButSomethingWaitsTheVerdictSaysSo() throws Exception {
        removeRows(1, 200, Long.MAX_VALUE);

        Report report =
                verify(
                        Until.LATEST,
                        Optional.of(Progress.running("4711", Map.of(0, 1_000L, 1, 200L), 0)));

        assertThat(report.isOnlyWaiting()).isTrue();
        assertThat(report.isClean()).isFalse();
        assertThat(report.lines().get(report.lines().size() - 1))
                .startsWith("Verdict: clean so far.")
                .contains("records wait to be published");
    }

    @Test
    void whileAJobHoldsFilesFromBeforeItsRestartAnyRecordMayBeInThem() throws Exception {
        removeRows(0, 30, 50);

        Report report =
                verify(
                        Until.LATEST,
                        Optional.of(Progress.running("4711", Map.of(0, 1_000L, 1, 1_000L), 3)));

        assertThat(report.isOnlyWaiting()).isTrue();
        assertThat(report.findings().toString()).contains("3 files from before its last start");
    }

    @Test
    void whatTheStateOfAJobThatHasEndedHoldsIsWaitingAndTheRestIsMissingOrLost() throws Exception {
        published = publish();
        fillLake();
        removeRows(0, 80, Long.MAX_VALUE);
        removeRows(1, 60, Long.MAX_VALUE);
        parts.deleteRecords(published.topic(), 0, 120);
        String task =
                "{\"subtask\":%d,\"parallelism\":2,\"checkpoint\":%d,\"published\":{\"%d\":90},\"read\":{\"%d\":100}}";
        String json =
                "{\"version\":1,\"writers\":[{\"topic\":\"%s\",\"job_id\":\"4711\",\"reached\":[%s,%s]}]}";
        Path owner = table.resolveSibling(prefix + ".owner.json");
        Files.writeString(
                owner,
                json.formatted(
                        published.topic(), task.formatted(0, 7, 0, 0), task.formatted(1, 7, 1, 1)));

        assertThat(verify().findings())
                .anyMatch(found -> isAt(found, Kind.LOST, "partition 0 offsets 80-89"))
                .anyMatch(found -> isAt(found, Kind.WAITING, "partition 0 offsets 90-99"))
                .anyMatch(found -> isAt(found, Kind.LOST, "partition 0 offsets 100-119"))
                .anyMatch(found -> isAt(found, Kind.WAITING, "partition 0 offsets 120-"))
                .anyMatch(found -> isAt(found, Kind.MISSING, "partition 1 offsets 60-89"))
                .anyMatch(found -> isAt(found, Kind.WAITING, "partition 1 offsets 90-"))
                .anyMatch(found -> found.detail().contains("job 4711 ended before it published"));

        Files.writeString(
                owner,
                json.formatted(
                        published.topic(), task.formatted(0, 7, 0, 0), task.formatted(1, 6, 1, 1)));
        assertThat(verify().counts())
                .as("tasks that ended at two checkpoints don't say how far the job is")
                .doesNotContainKey(Kind.WAITING);
    }

    private static boolean isAt(Finding found, Kind kind, String place) {
        return found.kind() == kind && found.place().startsWith(place);
    }

    @Test
    void judgingEndsWhereItIsToldTo() throws Exception {
        removeRows(0, 100, Long.MAX_VALUE);
        removeRows(1, 50, Long.MAX_VALUE);

        assertThat(verify(Until.parse("0:100,1:50"), Optional.empty()).isClean()).isTrue();
        assertThat(verify(Until.parse("0:101,1:50"), Optional.empty()).counts())
                .containsExactly(Map.entry(Kind.MISSING, 1L));
        assertThat(verify(Until.parse("1970-01-02T00:00:00Z"), Optional.empty()).isClean())
                .isTrue();
    }

    @Test
    void judgingEndsWhereAGroupHasRead() throws Exception {
        removeRows(0, 100, Long.MAX_VALUE);
        removeRows(1, 0, Long.MAX_VALUE);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            TopicPartition first = new TopicPartition(published.topic(), 0);
            admin.alterConsumerGroupOffsets(prefix, Map.of(first, new OffsetAndMetadata(100)))
                    .all()
                    .get();
        }

        assertThat(verify(Until.parse("group:" + prefix), Optional.empty()).isClean()).isTrue();
    }

    @Test
    void anEndThatNamesNoOffsetOfAPartitionOrAnUnknownGroupIsOneLine() {
        assertThatThrownBy(() -> verify(Until.parse("0:100"), Optional.empty()))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("no offset for partition 1");
        assertThatThrownBy(() -> verify(Until.parse("0:100,1:5,2:7"), Optional.empty()))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("partition 2");
        assertThatThrownBy(() -> verify(Until.parse("group:nobody"), Optional.empty()))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("--group-id");
    }

    @Test
    void recordsBehindAnOpenTransactionWaitAndTheReportSaysForWhom() throws Exception {
        published = publish();
        fillLake();
        try (KafkaProducer<byte[], byte[]> stuck = producer(published.topic() + "-stuck")) {
            stuck.initTransactions();
            stuck.beginTransaction();
            long first = send(stuck, published.topic(), 0, json(0)).get().offset();
            send(stuck, published.topic(), 0, json(2)).get();

            Report report = verify();

            assertThat(report.isOnlyWaiting()).isTrue();
            assertThat(report.findings()).hasSize(1);
            assertThat(report.findings().get(0).place())
                    .isEqualTo("partition 0 offsets %d-%d".formatted(first, first + 1));
            assertThat(report.findings().get(0).detail())
                    .contains("open transaction of producer id")
                    .contains("transactional.id '" + published.topic() + "-stuck'");
            stuck.abortTransaction();
        }
        assertThat(verify().isClean()).isTrue();
    }

    @Test
    void rowsOfATopicThatWasMadeAnewAreOfAnEarlierOne() throws Exception {
        published = publish();
        fillLake();
        parts.recreateTopic(published.topic(), PARTITIONS);
        RecordMetadata anew;
        try (KafkaProducer<byte[], byte[]> producer = producer(published.topic())) {
            producer.initTransactions();
            producer.beginTransaction();
            anew = send(producer, published.topic(), 1_000, json(1_000)).get();
            producer.commitTransaction();
        }

        Report report = assertFound(Kind.EARLIER, place(anew), "made anew");

        // The marker of the new transaction stands where a row of the earlier topic was.
        assertThat(report.counts())
                .containsEntry(Kind.EARLIER, QUOTES + 6 - 1L)
                .containsEntry(Kind.UNEXPECTED, 1L)
                .containsEntry(Kind.MISSING, 1L);
        assertThat(report.findings())
                .anyMatch(
                        found -> found.kind() == Kind.MISSING && found.place().equals(place(anew)));
    }

    @Test
    void theOwnerObjectTellsATopicThatWasMadeAnewByItsId() throws Exception {
        Path owner = table.resolveSibling(prefix + ".owner.json");
        String json = "{\"version\":1,\"writers\":[{\"topic\":\"%s\",\"topic_id\":\"%s\"}]}";
        Files.writeString(owner, json.formatted(published.topic(), topicId()));
        assertThat(verify().isClean()).isTrue();

        Files.writeString(owner, json.formatted(published.topic(), "AAAAAAAAAAAAAAAAAAAAAQ"));

        assertFound(Kind.EARLIER, "topic " + published.topic(), "it was made anew");
        assertThat(verify(Lakes.at(table.toUri().toString(), null)).counts())
                .containsExactly(Map.entry(Kind.EARLIER, 1L));
    }

    private String topicId() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            return admin.describeTopics(List.of(published.topic()))
                    .allTopicNames()
                    .get()
                    .get(published.topic())
                    .topicId()
                    .toString();
        }
    }

    @Test
    void aLakeWithoutLineageIsRefusedWithOneLine() throws Exception {
        write(
                firstKey(),
                published
                        .files()
                        .get(firstKey())
                        .replaceAll(",\"kafka_partition.*", "}")
                        .getBytes(UTF_8));

        assertThatThrownBy(this::verify)
                .isInstanceOf(Failure.class)
                .hasMessageContaining("no lineage")
                .hasMessageNotContaining("\n")
                .satisfies(failure -> assertThat(((Failure) failure).exitCode()).isEqualTo(2));
    }

    @Test
    void aTopicThatIsNotThereAndABrokerThatIsNotThereAreOneLineEach() {
        assertThatThrownBy(
                        () ->
                                new Verifier(
                                                verification("no-such-topic", null, bootstrap()),
                                                lake())
                                        .verify())
                .isInstanceOf(Failure.class)
                .hasMessageContaining("no-such-topic");
        assertThatThrownBy(
                        () ->
                                new Verifier(
                                                verification(
                                                        published.topic(), null, "127.0.0.1:1"),
                                                lake())
                                        .verify())
                .isInstanceOf(Failure.class)
                .hasMessageContaining("127.0.0.1:1");
    }

    /**
     * Makes a topic with quotes in transactions, an aborted one among them, with records that are
     * no quotes and their dead letters; and sets the files that belong to it.
     */
    private static Published publish() throws Exception {
        String topic = "quotes-" + UUID.randomUUID();
        parts.broker().createTopic(topic, PARTITIONS);
        parts.broker().createTopic(topic + ".dead-letters", 1);
        Map<String, String> files = new TreeMap<>();
        try (KafkaProducer<byte[], byte[]> producer = producer(topic)) {
            producer.initTransactions();
            publish(producer, topic, 0, QUOTES / 2, files);
            producer.beginTransaction();
            long abortedOffset =
                    producer.send(new ProducerRecord<>(topic, 0, null, json(0).getBytes(UTF_8)))
                            .get()
                            .offset();
            producer.abortTransaction();
            publish(producer, topic, QUOTES / 2, QUOTES, files);
            return new Published(topic, files, abortedOffset);
        }
    }

    private static void publish(
            KafkaProducer<byte[], byte[]> producer,
            String topic,
            int from,
            int to,
            Map<String, String> files)
            throws Exception {
        producer.beginTransaction();
        Map<Integer, Future<RecordMetadata>> quotes = new TreeMap<>();
        for (int number = from; number < to; number++) {
            quotes.put(number, send(producer, topic, number, json(number)));
            if (number % 100 == 50) {
                String value = json(number).replace("\"volume\":", "\"volume\":-");
                sendDeadLetter(producer, send(producer, topic, number, value).get(), value);
            }
        }
        producer.commitTransaction();
        for (Map.Entry<Integer, Future<RecordMetadata>> quote : quotes.entrySet()) {
            int number = quote.getKey();
            String key =
                    "index=%s/date=%s/part-7f-%d.json"
                            .formatted(index(number), month(number), number % 3);
            files.merge(key, row(number, quote.getValue().get()) + "\n", String::concat);
        }
    }

    private static Future<RecordMetadata> send(
            KafkaProducer<byte[], byte[]> producer, String topic, int number, String value) {
        return producer.send(
                new ProducerRecord<>(topic, number % PARTITIONS, null, value.getBytes(UTF_8)));
    }

    private static void sendDeadLetter(
            KafkaProducer<byte[], byte[]> producer, RecordMetadata source, String value) {
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(source.topic() + ".dead-letters", value.getBytes(UTF_8));
        letter.headers().add("quotelake.reason", "bad-number".getBytes(UTF_8));
        letter.headers().add("quotelake.topic", source.topic().getBytes(UTF_8));
        letter.headers()
                .add("quotelake.partition", Integer.toString(source.partition()).getBytes(UTF_8));
        letter.headers().add("quotelake.offset", Long.toString(source.offset()).getBytes(UTF_8));
        producer.send(letter);
    }

    private static KafkaProducer<byte[], byte[]> producer(String transactionalId) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap());
        settings.put("transactional.id", transactionalId);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static String json(int number) {
        return String.format(
                Locale.ROOT,
                "{\"index\":\"%s\",\"date\":\"%s\",\"open\":%d.25,\"high\":%d.5,\"low\":%d,\"close\":%d.125,"
                        + "\"adj_close\":null,\"volume\":%d,\"close_usd\":%d.0625}",
                index(number),
                date(number),
                number,
                number,
                number,
                number,
                number,
                number);
    }

    private static String row(int number, RecordMetadata sent) {
        return String.format(
                Locale.ROOT,
                "{\"trade_date\":\"%s\",\"open\":%d.25,\"high\":%d.5,\"low\":%d.0,\"close\":%d.125,\"adj_close\":null,"
                        + "\"volume\":%d,\"close_usd\":%d.0625,\"kafka_partition\":%d,\"kafka_offset\":%d,"
                        + "\"kafka_timestamp\":\"%s\"}",
                date(number),
                number,
                number,
                number,
                number,
                number,
                number,
                sent.partition(),
                sent.offset(),
                Instant.ofEpochMilli(sent.timestamp()));
    }

    private static String index(int number) {
        return number % 2 == 0 ? "HSI" : "000001.SS";
    }

    private static LocalDate date(int number) {
        return LocalDate.of(2020, 1, 1).plusDays(number / 4);
    }

    private static String month(int number) {
        return date(number).toString().substring(0, 7);
    }

    private Report assertFound(Kind kind, String place, String detail) throws Exception {
        Report report = verify();
        assertThat(report.isClean()).isFalse();
        assertThat(report.findings())
                .anyMatch(
                        finding ->
                                finding.kind() == kind
                                        && finding.place().equals(place)
                                        && finding.detail().contains(detail));
        return report;
    }

    private static String place(String row) {
        LakeRow parsed = LakeRow.of(row).orElseThrow();
        return "partition %d offset %d".formatted(parsed.partition(), parsed.offset());
    }

    private static String place(RecordMetadata record) {
        return "partition %d offset %d".formatted(record.partition(), record.offset());
    }

    private String firstKey() {
        return published.files().keySet().iterator().next();
    }

    private void write(String key, byte[] content) throws IOException {
        Path file = table.resolve(key);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    private static byte[] gzip(String content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    /** Takes the rows of these offsets out of the lake. */
    private void removeRows(int partition, long from, long to) throws IOException {
        for (Map.Entry<String, String> file : published.files().entrySet()) {
            String kept =
                    file.getValue()
                            .lines()
                            .filter(
                                    line -> {
                                        LakeRow row = LakeRow.of(line).orElseThrow();
                                        return row.partition() != partition
                                                || row.offset() < from
                                                || row.offset() >= to;
                                    })
                            .map(line -> line + "\n")
                            .collect(Collectors.joining());
            Path written = table.resolve(file.getKey());
            // Another call may have taken other rows out: what is gone stays gone.
            String now = Files.exists(written) ? Files.readString(written) : "";
            kept =
                    kept.lines()
                            .filter(line -> now.contains(line))
                            .map(line -> line + "\n")
                            .collect(Collectors.joining());
            if (kept.isEmpty()) {
                Files.deleteIfExists(written);
            } else {
                write(file.getKey(), kept.getBytes(UTF_8));
            }
        }
    }

    private Report verify(Until until, Optional<Progress> progress) throws Exception {
        Verification all = verification(published.topic(), null, bootstrap());
        try (Lake lake = lake()) {
            return new Verifier(
                            new Verification(
                                    all.kafka(),
                                    all.topic(),
                                    all.deadLetterTopic(),
                                    null,
                                    until,
                                    progress,
                                    null,
                                    all.mostRecordBytes(),
                                    all.mostFindings()),
                            lake)
                    .verify();
        }
    }

    private Report verify() throws Exception {
        return verify(lake());
    }

    private Report verify(Lake lake) throws Exception {
        return verify(lake, null);
    }

    private Report verify(Lake lake, Instant since) throws Exception {
        try (lake) {
            return new Verifier(verification(published.topic(), since, bootstrap()), lake).verify();
        }
    }

    private Lake lake() {
        return Lakes.at(
                "s3://lake/" + prefix,
                parts.s3().uri(),
                StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(
                                parts.keys().accessKey(), parts.keys().secretKey())));
    }

    private static String bootstrap() {
        return parts.broker().bootstrapServers();
    }

    private static Verification verification(String topic, Instant since, String brokers) {
        return new Verification(
                Map.of("bootstrap.servers", brokers, "default.api.timeout.ms", 3_000),
                topic,
                topic + ".dead-letters",
                since,
                Until.LATEST,
                Optional.empty(),
                null,
                1 << 20,
                1_000);
    }
}
