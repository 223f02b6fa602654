package io.quotelake.local.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quotelake.local.Installation;
import io.quotelake.local.lake.LakeFolder;
import io.quotelake.local.lake.RowCounter;
import io.quotelake.local.process.JavaCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.tools.TopicCommand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/** The scripts that make EC2 hosts of a Kafka broker and of a Flink cluster, run for real. */
@Tag("hosts")
class HostsIT {
    private static final Installation INSTALLATION = Installation.current();
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String KAFKA = "4.3.1";
    private static final String FLINK = "2.3.0";
    private static final String REGION = "eu-central-1";
    private static final String BUCKET = "lake";
    private static final String TOPIC = "stock_market";

    @TempDir(factory = BelowTarget.class, cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final int inside = freePort();
    private final int outside = freePort();
    private final int s3 = freePort();
    private ScratchHost kafka;
    private ScratchHost flink;
    private Process endpoint;
    private final Process[] cluster = new Process[3];

    @BeforeEach
    void makeHosts() throws IOException {
        Path archive = directory.resolve("archive");
        packKafka(archive);
        kafka =
                new ScratchHost(directory.resolve("kafka"), cloud(), archive)
                        .with("NODE_ID", 1)
                        .with("QUORUM", "1@127.0.0.1:" + freePort())
                        .with("CLUSTER_ID", "NWY3NjEzNDY0YzM0MmQxYQ")
                        .with("INSIDE_ADDRESS", "127.0.0.1")
                        .with("INSIDE_PORT", inside)
                        .with("OUTSIDE_ADDRESS", "127.0.0.1")
                        .with("OUTSIDE_PORT", outside)
                        .with("HEAP_MIB", 256)
                        .with("REPLICATION", 1)
                        .with("MIN_ISR", 1)
                        .with("TOPIC", TOPIC)
                        .with("PARTITIONS", 2)
                        .with("PARAMETERS", "/quotelake/kafka")
                        .with("KAFKA_VERSION", KAFKA);
        flink =
                new ScratchHost(directory.resolve("flink"), cloud(), archive)
                        .with("ARTIFACTS", "s3://artifacts")
                        .with("AWS_REGION", REGION)
                        .with("FLINK_VERSION", FLINK)
                        .with("AWS_S3_BUCKET", BUCKET)
                        .with("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + inside)
                        .with("KAFKA_TOPIC", TOPIC)
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
    void aBrokerTakesQuotesOverTlsAndAClusterWritesThemAndResumesAfterItsDeath() throws Exception {
        startBroker();
        publish("--index", "HSI", "--limit", "500");
        startEndpoint("scratch");
        packFlink(directory.resolve("archive"));
        startCluster();
        awaitRows(500);
        findsTheFiguresOfTheJob();

        Process oldJob = flink.start("job");
        assertThat(oldJob.waitFor(2, TimeUnit.SECONDS)).as("attached to the running job").isFalse();
        oldJob.descendants().forEach(ProcessHandle::destroy);
        oldJob.destroy();

        Process jobManager = cluster[0];
        jobManager.destroyForcibly().onExit().join();
        assertThat(cluster[2].onExit().get(2, TimeUnit.MINUTES).exitValue())
                .as("what watches the job asks systemd to start it again, %s", journal("job"))
                .isEqualTo(1);
        publish("--index", "NYA", "--limit", "500");
        cluster[0] = flink.start("jobmanager");
        cluster[2] = flink.start("job");
        awaitRows(1000);
        assertThat(journal("job")).contains("Resuming from s3://" + BUCKET + "/checkpoints/");

        rotateS3Keys();
        publish("--index", "GDAXI", "--limit", "500");
        awaitRows(1500);
    }

    /** Everything is started again with another secret, as an operator's restart of the units. */
    private void rotateS3Keys() throws Exception {
        endpoint.destroyForcibly().onExit().join();
        startEndpoint("rotated");
        setFlink("s3.secret-key", "rotated");
        for (Process unit : cluster) {
            unit.descendants().forEach(ProcessHandle::destroyForcibly);
            unit.destroyForcibly().onExit().join();
        }
        startUnits();
    }

    private void startUnits() throws IOException {
        cluster[0] = flink.start("jobmanager");
        cluster[1] = flink.start("taskmanager");
        cluster[2] = flink.start("job");
    }

    @Test
    void anArchiveWithAnotherChecksumIsRefused() throws Exception {
        Path sum =
                directory.resolve(
                        "archive/kafka/" + KAFKA + "/kafka_2.13-" + KAFKA + ".tgz.sha512");
        Files.writeString(sum, "0".repeat(128) + "  kafka.tgz\n");

        ScratchHost.Outcome outcome = kafka.runScript("kafka.sh");

        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.output()).contains("FAILED");
        assertThat(kafka.path("opt/kafka")).doesNotExist();
    }

    /** With the tools that a release has and the local broker does without. */
    private static void packKafka(Path archive) throws IOException {
        List<Path> jars = new ArrayList<>(jars("local/kafka/target/lib"));
        jars.add(
                Path.of(
                        TopicCommand.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath()));
        ScratchHost.pack(
                archive.resolve("kafka/" + KAFKA + "/kafka_2.13-" + KAFKA + ".tgz"),
                "libs",
                jars,
                (name, hash) ->
                        name + ": " + hash.toUpperCase(Locale.ROOT).replaceAll("(.{8})", "$1 \n"));
    }

    /** With the reporter that a release has among its plugins, and the S3 plugin of its opt. */
    private static void packFlink(Path archive) throws IOException {
        List<Path> jars = new ArrayList<>(jars("local/flink/target/lib"));
        jars.add(INSTALLATION.built("local/flink-metrics/target/lib/flink-metrics-prometheus.jar"));
        jars.add(INSTALLATION.flinkS3Plugin());
        ScratchHost.pack(
                archive.resolve("flink/flink-" + FLINK + "/flink-" + FLINK + "-bin-scala_2.12.tgz"),
                "lib",
                jars,
                (name, hash) -> hash + "  " + name);
    }

    private static List<Path> jars(String directory) throws IOException {
        try (Stream<Path> jars = Files.list(INSTALLATION.built(directory))) {
            return jars.toList();
        }
    }

    private void startBroker() throws Exception {
        ScratchHost.Outcome made = kafka.runScript("kafka.sh");
        assertThat(made.exitCode()).as(made.output()).isZero();
        kafka.start("kafka");
        await().atMost(PATIENCE).until(() -> listens(inside) && listens(outside));
        assertThat(kafka.start("topic").onExit().get(1, TimeUnit.MINUTES).exitValue())
                .as(kafka.journal("topic").toString())
                .isZero();
    }

    private void publish(String... options) throws IOException {
        Path properties = directory.resolve("client.properties");
        ScratchHost.Outcome printed =
                kafka.run(
                        List.of(
                                ScratchHost.script("client-properties"),
                                REGION,
                                "/quotelake/kafka"));
        assertThat(printed.exitCode()).as(printed.output()).isZero();
        Files.writeString(properties, printed.output());
        JavaCommand producer =
                new JavaCommand()
                        .jar(INSTALLATION.producerJar())
                        .arguments("replay", INSTALLATION.dataSet().toString())
                        .arguments("--bootstrap-servers", "127.0.0.1:" + outside)
                        .arguments("--command-config", properties.toString())
                        .arguments(options);
        ScratchHost.Outcome published = kafka.run(producer.words());
        assertThat(published.exitCode()).as(published.output()).isZero();
    }

    private void startEndpoint(String secretKey) throws IOException {
        Properties properties = new Properties();
        properties.put("address", "127.0.0.1");
        properties.put("port", Integer.toString(s3));
        properties.put("metricsPort", Integer.toString(freePort()));
        properties.put("directory", cloud().resolve("s3").toString());
        properties.put("accessKey", "scratch");
        properties.put("secretKey", secretKey);
        properties.put("threads", "32");
        Files.createDirectories(cloud().resolve("s3").resolve(BUCKET));
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

    private void startCluster() throws IOException {
        Path artifacts = Files.createDirectories(cloud().resolve("s3/artifacts/bin")).getParent();
        Files.createSymbolicLink(
                artifacts.resolve("quotelake-flink-job.jar"), INSTALLATION.jobJar());
        Files.createSymbolicLink(artifacts.resolve("flink-conf"), INSTALLATION.flinkConf());
        for (String program : List.of("publish-figures", "run-flink", "run-job")) {
            Files.copy(
                    Path.of(ScratchHost.script("host/" + program)),
                    artifacts.resolve("bin").resolve(program));
        }
        ScratchHost.Outcome made = flink.runScript("flink.sh");
        assertThat(made.exitCode()).as(made.output()).isZero();
        // What AWS is on a host, and what two clusters on one machine would quarrel about.
        setFlink("s3.endpoint", "http://127.0.0.1:" + s3);
        setFlink("s3.path.style.access", "true");
        setFlink("s3.access-key", "scratch");
        setFlink("s3.secret-key", "scratch");
        setFlink("rest.port", Integer.toString(freePort()));
        setFlink("jobmanager.rpc.port", Integer.toString(freePort()));
        int firstPort = freePort();
        setFlink("metrics.reporter.prom.port", firstPort + "-" + (firstPort + 9));
        setFlink("execution.checkpointing.interval", "2s");
        startUnits();
    }

    private void setFlink(String key, String value) throws IOException {
        Path file = flink.path("etc/quotelake/flink/config.yaml");
        List<String> others =
                Files.readAllLines(file).stream()
                        .filter(line -> !line.startsWith(key + ":"))
                        .toList();
        Files.write(file, others);
        Files.writeString(file, key + ": " + value + "\n", StandardOpenOption.APPEND);
    }

    private void findsTheFiguresOfTheJob() throws Exception {
        assertThat(flink.start("figures").onExit().get(1, TimeUnit.MINUTES).exitValue())
                .as(journal("figures"))
                .isZero();
        assertThat(cloud().resolve("cloudwatch/Quotelake/scratch"))
                .content()
                .contains("MetricName=RunningJobs,Unit=Count,Value=1\n")
                .containsPattern("MetricName=CheckpointAge,Unit=Seconds,Value=[0-9]\n")
                .contains("MetricName=Restarts,Unit=Count,Value=0\n")
                .contains("MetricName=Lag,Unit=Count,Value=0\n")
                .contains("MetricName=DeadLetters,Unit=Count,Value=0\n")
                .contains("MetricName=BufferUsed,Unit=Percent,Value=0\n")
                .containsPattern("MetricName=DiskUsed,Unit=Percent,Value=[0-9]+\n");
    }

    private void awaitRows(int rows) {
        LakeFolder lake = new LakeFolder(cloud().resolve("s3").resolve(BUCKET).resolve(TOPIC));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(new RowCounter(lake).count())
                                        .as("rows, %s", journal("job"))
                                        .isEqualTo(rows));
    }

    private String journal(String unit) {
        try {
            return Files.readString(flink.journal(unit));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path cloud() {
        return directory.resolve("cloud");
    }

    private static final class BelowTarget implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension)
                throws IOException {
            return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "hosts-");
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
