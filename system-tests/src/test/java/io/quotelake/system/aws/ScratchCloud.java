package io.quotelake.system.aws;

import io.quotelake.local.stack.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.tools.TopicCommand;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** What surrounds scratch hosts: parameters, buckets, and Apache's archive. */
final class ScratchCloud {
    static final String KAFKA = "4.3.1";
    static final String FLINK = "2.3.0";
    static final String REGION = "eu-central-1";
    static final String PARAMETERS = "/quotelake/kafka";
    static final String TOPIC = "stock_market";

    private final Installation installation = Installation.current();
    private final Path cloud;
    private final Path archive;
    private String kafkaSum = "not packed";
    private String flinkSum = "not packed";

    /**
     * @param directory where all of it is kept
     */
    ScratchCloud(Path directory) throws IOException {
        cloud = Files.createDirectories(directory.resolve("cloud"));
        archive = Files.createDirectories(directory.resolve("archive"));
        Path host = Files.createDirectories(bucket("artifacts").resolve("host"));
        try (Stream<Path> scripts = Files.list(Path.of(ScratchHost.script("host")))) {
            for (Path script : scripts.toList()) {
                Files.copy(script, host.resolve(script.getFileName()));
            }
        }
    }

    Path path() {
        return cloud;
    }

    /** Where a bucket's objects lie. */
    Path bucket(String name) {
        return cloud.resolve("s3").resolve(name);
    }

    /** A broker of a cluster, with what Terraform would set. */
    ScratchHost broker(Path root, int id, String quorum, int inside, int outside)
            throws IOException {
        return new ScratchHost(root, cloud, "kafka", "kafka-" + id)
                .with("ARCHIVE", "file://" + archive)
                .with("CLUSTER_ID", "NWY3NjEzNDY0YzM0MmQxYQ")
                .with("DISK_GIB", 1)
                .with("HEAP_MIB", 256)
                .with("INSIDE_ADDRESS", "127.0.0.1")
                .with("INSIDE_PORT", inside)
                .with("KAFKA_SHA512", kafkaSum)
                .with("KAFKA_VERSION", KAFKA)
                .with("METRICS_NAMESPACE", "Quotelake/scratch")
                .with("NODE_ID", id)
                .with("OUTSIDE_ADDRESS", "127.0.0.1")
                .with("OUTSIDE_PORT", outside)
                .with("PARAMETERS", PARAMETERS)
                .with("PARTITIONS", 2)
                .with("QUORUM", quorum)
                .with("TOPIC", TOPIC);
    }

    ScratchHost flink(Path root) throws IOException {
        return new ScratchHost(root, cloud, "flink", "flink")
                .with("ARCHIVE", "file://" + archive)
                .with("ARTIFACTS", "s3://artifacts")
                .with("FLINK_SHA512", flinkSum)
                .with("FLINK_VERSION", FLINK)
                .with("PASSWORD_PARAMETER", PARAMETERS + "/passwords/quotelake-job")
                .with("PARALLELISM", 1)
                .with("SLOTS", 1)
                .with("TASK_MANAGER_MIB", 1200)
                .with("TASK_MANAGERS", 2)
                .with("KAFKA_TOPIC", TOPIC);
    }

    /** With the tools that a release has and the local broker does without. */
    void packKafka() throws IOException {
        List<Path> jars = new ArrayList<>(jars("local/kafka/target/lib"));
        jars.add(
                Path.of(
                        TopicCommand.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath()));
        kafkaSum = ScratchHost.pack(kafkaArchive(), "libs", jars);
    }

    Path kafkaArchive() {
        return archive.resolve("kafka/" + KAFKA + "/kafka_2.13-" + KAFKA + ".tgz");
    }

    /** With the reporter that a release has among its plugins, and the S3 plugin of its opt. */
    void packFlink() throws IOException {
        List<Path> jars = new ArrayList<>(jars("local/flink/target/lib"));
        jars.add(installation.flinkS3Plugin());
        jars.add(installation.built("local/flink-metrics/target/lib/flink-metrics-prometheus.jar"));
        flinkSum =
                ScratchHost.pack(
                        archive.resolve(
                                "flink/flink-" + FLINK + "/flink-" + FLINK + "-bin-scala_2.12.tgz"),
                        "lib",
                        jars);
    }

    private List<Path> jars(String directory) throws IOException {
        try (Stream<Path> jars = Files.list(installation.built(directory))) {
            return jars.toList();
        }
    }

    static boolean listens(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Directories below the module's {@code target}, where file systems are large enough. */
    static final class BelowTarget implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension)
                throws IOException {
            return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "hosts-");
        }
    }
}
