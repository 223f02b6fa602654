package io.quotelake.system.aws;

import static io.quotelake.system.aws.ScratchCloud.KAFKA;
import static io.quotelake.system.aws.ScratchCloud.PARAMETERS;
import static io.quotelake.system.aws.ScratchCloud.REGION;
import static io.quotelake.system.aws.ScratchCloud.TOPIC;
import static io.quotelake.system.aws.ScratchCloud.freePort;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quotelake.local.process.JavaCommand;
import io.quotelake.local.stack.Installation;
import io.quotelake.verifier.table.Lake;
import io.quotelake.verifier.table.Lakes;
import io.quotelake.verifier.table.RowCounter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The scripts that make EC2 hosts of a Kafka broker and of a Flink cluster, run for real. */
@Tag("hosts")
class HostsIT {
    private static final Installation INSTALLATION = Installation.current();
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String BUCKET = "lake";
    private static final String FLINK_ENVIRONMENT = "etc/quotelake/flink.env";

    @TempDir(factory = ScratchCloud.BelowTarget.class, cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    /** A further table, for a replay. */
    private static final String AGAIN = "stock_market_again";

    /** Of all alarms, the most periods that one looks at. */
    private static final int MAX_PERIODS = 10;

    /** In the end. */
    private static final int ROWS = 40_000;

    private final int inside = freePort();
    private final int outside = freePort();
    private final int s3 = freePort();
    private final int rest = freePort();
    private ScratchCloud cloud;
    private ScratchHost kafka;
    private ScratchHost flink;
    private Process endpoint;
    private Alarms alarms;

    @BeforeEach
    void bootTheBroker() throws IOException {
        cloud = new ScratchCloud(directory);
        cloud.packKafka();
        cloud.packFlink();
        kafka =
                cloud.broker(
                                directory.resolve("kafka"),
                                1,
                                "1@127.0.0.1:" + freePort(),
                                inside,
                                outside)
                        .with("REPLICATION", 1)
                        .with("MIN_ISR", 1)
                        .with("TABLES", AGAIN);
        flink = flinkHost("flink");
    }

    private ScratchHost flinkHost(String root) throws IOException {
        return cloud.flink(directory.resolve(root))
                .with("AWS_S3_BUCKET", BUCKET)
                .with("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + inside)
                .with("METRICS_NAMESPACE", "Quotelake/scratch")
                .with("JOB_OPTIONS", "--roll-interval 5s --roll-inactivity 2s")
                .with("DATE_GRANULARITY", "month");
    }

    @AfterEach
    void stop() {
        flink.close();
        kafka.close();
        if (endpoint != null) {
            endpoint.destroyForcibly();
            endpoint.onExit().join();
        }
    }

    @Test
    void aBrokerTakesQuotesOverTlsAndAClusterWritesThemAndResumesFromItsNewestState()
            throws Exception {
        kafka.boot();
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(kafka.journal("topic"))
                                        .as(kafka.journal("setup"))
                                        .contains("permissions are as wanted"));
        publish("--index", "HSI", "--limit", "500");
        startEndpoint("scratch");
        putArtifacts();
        flink.boot();
        awaitRows(500);
        findsTheFiguresOfTheJobAndOfTheBroker();
        theWebUiShowsTheLog();
        alarms =
                new Alarms(
                        flink,
                        FLINK_ENVIRONMENT,
                        "publish-figures",
                        cloud.path().resolve("cloudwatch/Quotelake/scratch"),
                        "job");
        assertThat(alarms.ringingAfter(MAX_PERIODS)).isEmpty();
        recordsThatAreNoQuotesRing();
        anOpenTransactionRings();
        aFullDiskRings();

        killTheJobManager();
        publish("--index", "NYA", "--limit", "500");
        awaitRows(1000);
        assertThat(flink.journal("job"))
                .contains("Resuming from s3://" + BUCKET + "/checkpoints/" + TOPIC + "--lake-");
        aRestartRings();

        endpoint.destroyForcibly().onExit().join();
        anOutageOfS3Rings();
        rotateS3Keys();
        awaitRows(ROWS);
        assertThat(alarms.ringingAfter(MAX_PERIODS)).isEmpty();
        noFailingCallMakesTheJobStartAnewOrOlder();

        aReplayByTheRunbookWritesItsOwnTable();
    }

    private void recordsThatAreNoQuotesRing() throws Exception {
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            for (int i = 0; i < 20; i++) {
                producer.send(new ProducerRecord<>(TOPIC, "no quote"));
            }
        }
        await().atMost(PATIENCE).until(() -> alarms.figures().get("DeadLetters") == 20);
        assertThat(alarms.ringingAfter(1)).containsExactly("dead-letters");
        assertThat(alarms.ringingAfter(1)).isEmpty();
    }

    /** The records behind it wait, though the job has read all that it may. */
    private void anOpenTransactionRings() throws Exception {
        try (KafkaProducer<String, String> producer =
                producer(Map.of("transactional.id", "held", "transaction.timeout.ms", "300000"))) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 0; i < 11_000; i++) {
                producer.send(new ProducerRecord<>(TOPIC, "never committed"));
            }
            producer.flush();
            await().atMost(PATIENCE).until(() -> alarms.figures().get("Lag") > 10_000);
            assertThat(alarms.ringingAfter(MAX_PERIODS)).containsExactly("lag");
            producer.abortTransaction();
        }
        await().atMost(PATIENCE).until(() -> alarms.figures().get("Lag") == 0);
        assertThat(alarms.ringingAfter(1)).isEmpty();
    }

    private void aFullDiskRings() throws IOException {
        Path disk = cloud.path().resolve("disk");
        Files.writeString(disk, "91");
        assertThat(alarms.ringingAfter(MAX_PERIODS)).containsExactly("disk-nearly-full");
        Files.delete(disk);
        assertThat(alarms.ringingAfter(1)).isEmpty();
    }

    private void aRestartRings() throws IOException {
        assertThat(alarms.ringingAfter(1)).doesNotContain("job-restarted");
        for (String unit : List.of("taskmanager", "taskmanager-2")) {
            ProcessHandle taskManager = flink.process(unit);
            taskManager.destroyForcibly();
            taskManager.onExit().join();
        }
        await().atMost(PATIENCE).until(() -> alarms.figures().get("Restarts") > 0);
        assertThat(alarms.ringingAfter(1)).containsExactly("job-restarted");
        publish("--index", "NYA", "--limit", "10");
        awaitRows(1010);
    }

    /** What comes meanwhile is read, and not published, until open files fill their memory. */
    private void anOutageOfS3Rings() throws IOException {
        assertThat(alarms.ringingAfter(1)).isEmpty();
        for (int period = 0; period < 3; period++) {
            double before = alarms.figures().get("RowsOut");
            publish("--index", "GDAXI", "--limit", "10");
            await().atMost(PATIENCE).until(() -> alarms.figures().get("RowsOut") > before);
            assertThat(alarms.ringingAfter(1).contains("nothing-published")).isEqualTo(period == 2);
        }
        publish("--limit", Integer.toString(ROWS - 1040));
        await().atMost(PATIENCE).until(() -> alarms.figures().get("BufferUsed") > 70);
        await().atMost(PATIENCE).until(() -> alarms.figures().get("CheckpointAge") > 120);
        assertThat(alarms.ringingAfter(MAX_PERIODS))
                .contains("buffer-nearly-full", "checkpoints-stopped")
                .doesNotContain("job-not-running", "job-restarted");
    }

    /** Both halves of the cluster are down for a moment; systemd starts it, and run-job the job. */
    private void killTheJobManager() throws IOException {
        ProcessHandle jobManager = flink.process("jobmanager");
        jobManager.destroyForcibly();
        jobManager.onExit().join();
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(flink.journal("job"))
                                        .contains("The cluster does not know job"));
    }

    /** Another secret is a changed setting: what reads it is restarted by the set-up. */
    private void rotateS3Keys() throws Exception {
        startEndpoint("rotated");
        setFlink("s3.secret-key", "rotated");
        flink.systemctl("restart", "setup");
    }

    /**
     * The job is stopped with a savepoint, then started with the first, the second, ... call to AWS
     * failing. An older state lies in the bucket with a younger date, and a newer one of another
     * job.
     */
    private void noFailingCallMakesTheJobStartAnewOrOlder() throws Exception {
        flink.systemctl("stop", "job");
        String stopped = client("stop", "--type", "canonical", runningJob());
        assertThat(stopped).contains("Savepoint completed. Path: s3://" + BUCKET + "/savepoints/");
        assertThat(alarms.ringingAfter(MAX_PERIODS)).containsExactly("job-not-running");
        String savepoint = stopped.replaceAll("(?s).*Path: (s3://\\S+).*", "$1");
        Path checkpoints = cloud.bucket(BUCKET).resolve("checkpoints");
        Path newest = newestCheckpoint(checkpoints);
        copy(newest, newest.getParent().resolveSibling("0".repeat(32)).resolve("chk-1"));
        copy(newest, checkpoints.resolve("backfill/" + "1".repeat(32) + "/chk-999999"));

        int call = 0;
        ScratchHost.Outcome outcome;
        do {
            call++;
            Files.deleteIfExists(cloud.path().resolve("calls"));
            Files.writeString(cloud.path().resolve("fail"), call + "\n");
            Files.deleteIfExists(flink.path("var/lib/quotelake/flink/failures"));
            outcome = startOnce();
            if (outcome.exitCode() != 124) {
                assertThat(outcome.exitCode()).as(outcome.output()).isEqualTo(1);
                assertThat(outcome.output())
                        .as("call %d failed", call)
                        .contains("Could not connect")
                        .contains("The job is not started")
                        .doesNotContain("JobID");
                assertThat(jobs()).doesNotContain("\"RUNNING\"", "\"CREATED\"");
            }
        } while (outcome.exitCode() != 124);
        Files.delete(cloud.path().resolve("fail"));

        assertThat(call)
                .as("calls that were made to fail, and one that no call met")
                .isGreaterThan(3);
        assertThat(outcome.output()).contains("Resuming from " + savepoint + "\n");
        assertThat(flink.runProgram(FLINK_ENVIRONMENT, "clean-checkpoints").exitCode()).isZero();
        assertThat(
                        cloud.bucket(BUCKET)
                                .resolve(savepoint.substring(("s3://" + BUCKET).length() + 1)))
                .exists();
        awaitRows(ROWS);
    }

    private void aReplayByTheRunbookWritesItsOwnTable() throws Exception {
        ScratchHost.Outcome replay =
                flink.run(
                        List.of(
                                "bash",
                                "-c",
                                """
                                set -a; . '%1$s/etc/quotelake/flink.env'; cd '%1$s/var/lib/quotelake/flink'
                                '%1$s/opt/quotelake/bin/run-flink' client run -d '%1$s/opt/quotelake/quotelake-flink-job.jar' \
                                    --kafka-config $KAFKA_CONFIG --date-granularity $DATE_GRANULARITY --start-from earliest --stop-at latest \
                                    --output s3://$AWS_S3_BUCKET/%2$s --dead-letter-topic %2$s.dead-letters --group-id again"""
                                        .formatted(flink.path(""), AGAIN)));
        assertThat(replay.exitCode()).as(replay.output()).isZero();
        awaitRows(AGAIN, ROWS);
        await().atMost(PATIENCE).until(() -> jobs().split("\"state\":\"RUNNING\"", -1).length == 2);
        assertThat(alarms.figures()).containsEntry("RunningJobs", 1.0);
    }

    /** {@code run-job} until it watches the job (124, it is ended) or gives up by itself. */
    private ScratchHost.Outcome startOnce() throws IOException {
        Path log = directory.resolve("run-job.log");
        Files.deleteIfExists(log);
        ScratchHost.Outcome outcome =
                flink.run(
                        List.of(
                                "bash",
                                "-c",
                                """
                                set -a; . '%1$s/etc/quotelake/flink.env'; set +a
                                cd '%1$s/var/lib/quotelake/flink'
                                '%1$s/opt/quotelake/bin/run-job' >'%2$s' 2>&1 & job=$!
                                while kill -0 $job 2>/dev/null; do
                                    if grep -q Watching '%2$s'; then pkill -P $job; kill $job; wait $job; exit 124; fi
                                    sleep 0.2
                                done
                                wait $job"""
                                        .formatted(flink.path(""), log)));
        return new ScratchHost.Outcome(outcome.exitCode(), Files.readString(log));
    }

    private static Path newestCheckpoint(Path checkpoints) throws IOException {
        try (Stream<Path> files = Files.walk(checkpoints)) {
            return files.filter(file -> file.toString().matches(".*/[0-9a-f]{32}/chk-[0-9]+"))
                    .filter(file -> !file.toString().contains("/backfill/"))
                    .max(
                            Comparator.comparingLong(
                                    file ->
                                            Long.parseLong(
                                                    file.getFileName().toString().substring(4))))
                    .orElseThrow();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private String runningJob() throws Exception {
        return jobs().replaceAll(
                        "(?s).*\"jid\":\"([0-9a-f]{32})\"[^}]*\"state\":\"RUNNING\".*", "$1");
    }

    private String jobs() throws Exception {
        return get("/jobs/overview");
    }

    private String get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rest + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Flink's own client on the host. */
    private String client(String... arguments) throws IOException {
        ScratchHost.Outcome outcome =
                flink.runProgram(
                        FLINK_ENVIRONMENT,
                        "run-flink",
                        Stream.concat(Stream.of("client"), Stream.of(arguments))
                                .toArray(String[]::new));
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        return outcome.output();
    }

    @Test
    void anArchiveWithAnotherChecksumIsRefusedWhereverItComesFromAndComesRightByItself()
            throws Exception {
        Path archive = cloud.kafkaArchive();
        Path right = archive.resolveSibling("right");
        Path kept = cloud.bucket("artifacts").resolve("archives/" + archive.getFileName());
        Files.move(archive, right);
        Files.writeString(archive, "another release");
        kafka.boot();
        refusesTheArchive("file://" + archive);
        assertThat(kept).doesNotExist();

        Files.createDirectories(kept.getParent());
        Files.writeString(kept, "somebody else's release");
        refusesTheArchive("s3://artifacts/archives/" + archive.getFileName());

        Files.delete(kept);
        Files.move(right, archive, StandardCopyOption.REPLACE_EXISTING);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(kafka.path("etc/quotelake/kafka/started"))
                                        .as(kafka.journal("setup"))
                                        .exists());
        assertThat(kept).as("kept for the next host").exists();
    }

    private void refusesTheArchive(String from) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(kafka.journal("setup"))
                                        .contains(from + " has the SHA-512 "));
        assertThat(kafka.path("opt/kafka-" + KAFKA)).doesNotExist();
    }

    /** The configuration of a client that publishes, as it is written for one outside. */
    private Path clientProperties() throws IOException {
        Path properties = directory.resolve("client.properties");
        ScratchHost.Outcome written =
                kafka.run(
                        List.of(
                                ScratchHost.script("client-properties"),
                                REGION,
                                PARAMETERS,
                                properties.toString()));
        assertThat(written.exitCode()).as(written.output()).isZero();
        return properties;
    }

    /** For what Quotelake's own producer never sends. */
    private KafkaProducer<String, String> producer(Map<String, String> more) throws IOException {
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(clientProperties())) {
            properties.load(reader);
        }
        properties.putAll(more);
        properties.put("bootstrap.servers", "127.0.0.1:" + outside);
        return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
    }

    private void publish(String... options) throws IOException {
        Path properties = clientProperties();
        JavaCommand producer =
                new JavaCommand()
                        .jar(INSTALLATION.producerJar())
                        .arguments("replay", INSTALLATION.dataSet().toString())
                        .arguments("--bootstrap-servers", "127.0.0.1:" + outside)
                        .arguments("--kafka-config", properties.toString())
                        .arguments(options);
        ScratchHost.Outcome published = kafka.run(producer.words());
        assertThat(published.exitCode()).as(published.output()).isZero();
    }

    private void startEndpoint(String secretKey) throws IOException {
        Properties properties = new Properties();
        properties.put("address", "127.0.0.1");
        properties.put("port", Integer.toString(s3));
        properties.put("metricsPort", Integer.toString(freePort()));
        properties.put("directory", cloud.bucket("").toString());
        properties.put("accessKey", "scratch");
        properties.put("secretKey", secretKey);
        properties.put("threads", "32");
        Files.createDirectories(cloud.bucket(BUCKET));
        Path file = directory.resolve("endpoint.properties");
        try (var writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        JavaCommand command =
                new JavaCommand()
                        .options("-Xmx256m")
                        .main("io.quotelake.local.s3.S3Endpoint", INSTALLATION.s3ClassPath())
                        .arguments(file.toString());
        endpoint =
                new ProcessBuilder(command.words())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("endpoint.log").toFile())
                        .start();
    }

    /** What Terraform uploads, with what AWS is on a host, and ports of this machine. */
    private void putArtifacts() throws IOException {
        Path artifacts = cloud.bucket("artifacts");
        Files.createSymbolicLink(
                artifacts.resolve("quotelake-flink-job.jar"), INSTALLATION.jobJar());
        copy(INSTALLATION.flinkConf(), artifacts.resolve("flink-conf"));
        setFlink("s3.endpoint", "http://127.0.0.1:" + s3);
        setFlink("s3.path.style.access", "true");
        setFlink("s3.access-key", "scratch");
        setFlink("s3.secret-key", "scratch");
        setFlink("rest.port", Integer.toString(rest));
        setFlink("jobmanager.rpc.port", Integer.toString(freePort()));
        int firstPort = freePort();
        setFlink("metrics.reporter.prom.port", firstPort + "-" + (firstPort + 9));
        setFlink("execution.checkpointing.interval", "2s");
        // So little that a few thousand rows fill it while S3 is away.
        setFlink("s3.writer.max-buffered-bytes", "6m");
    }

    private void setFlink(String key, String value) throws IOException {
        Path file = cloud.bucket("artifacts").resolve("flink-conf/config.yaml");
        List<String> others =
                Files.readAllLines(file).stream()
                        .filter(line -> !line.startsWith(key + ":"))
                        .toList();
        Files.write(file, others);
        Files.writeString(file, key + ": " + value + "\n", StandardOpenOption.APPEND);
    }

    private void findsTheFiguresOfTheJobAndOfTheBroker() throws Exception {
        assertThat(flink.runProgram(FLINK_ENVIRONMENT, "publish-figures").exitCode()).isZero();
        Path figures = cloud.path().resolve("cloudwatch/Quotelake/scratch");
        assertThat(figures)
                .content()
                .contains("MetricName=RunningJobs,Unit=Count,Value=1\n")
                .containsPattern("MetricName=CheckpointAge,Unit=Seconds,Value=[0-9]\n")
                .contains("MetricName=Restarts,Unit=Count,Value=0\n")
                .contains("MetricName=Lag,Unit=Count,Value=0\n")
                .contains("MetricName=DeadLetters,Unit=Count,Value=0\n")
                .contains("MetricName=RecordsLost,Unit=Count,Value=0\n")
                .contains("MetricName=RowsOut,Unit=Count,Value=500\n")
                .containsPattern("MetricName=FilesPublished,Unit=Count,Value=[1-9][0-9]*\n")
                .contains("MetricName=BufferUsed,Unit=Percent,Value=0\n")
                .containsPattern("MetricName=DiskUsed,Unit=Percent,Value=[0-9]+\n");
        ScratchHost.Outcome told =
                kafka.runProgram("opt/quotelake/kafka.env", "publish-kafka-figures");
        assertThat(told.exitCode()).as(told.output()).isZero();
        String host = ",Dimensions=[{Name=Host,Value=kafka-1}]\n";
        assertThat(figures)
                .content()
                .contains("MetricName=UnderReplicatedPartitions,Unit=Count,Value=0" + host)
                .contains("MetricName=OfflinePartitions,Unit=Count,Value=0" + host)
                .contains("MetricName=CertificateDays,Unit=Count,Value=396" + host)
                .containsPattern("MetricName=BrokerDiskUsed,Unit=Percent,Value=[0-9]+,");
    }

    private void theWebUiShowsTheLog() throws Exception {
        assertThat(get("/jobmanager/log"))
                .contains("Starting rest endpoint")
                .contains("checkpoint");
    }

    private void awaitRows(int rows) {
        awaitRows(TOPIC, rows);
    }

    private void awaitRows(String table, int rows) {
        Lake lake = Lakes.at(cloud.bucket(BUCKET).resolve(table).toUri().toString(), null);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            try {
                                assertThat(new RowCounter(lake).count())
                                        .as("rows, %s", flink.journal("job"))
                                        .isEqualTo(rows);
                            } catch (UncheckedIOException notYet) {
                                throw new AssertionError(flink.journal("setup"), notYet);
                            }
                        });
    }
}
