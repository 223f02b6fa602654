package io.quotelake.local.stack;

import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the built parts of the project are.
 *
 * @param home the root of the project's tree
 */
public record Installation(Path home) {

    /**
     * The tree that the system property {@code quotelake.home} names, as the script and the build
     * set it.
     */
    public static Installation current() {
        String home = System.getProperty("quotelake.home");
        if (home == null) {
            throw new IllegalStateException("The system property quotelake.home is not set");
        }
        return new Installation(Path.of(home).toAbsolutePath().normalize());
    }

    /** All jars of the Kafka broker, as a class path. */
    public String kafkaClassPath() {
        return allJars(built("local/kafka/target/lib"));
    }

    /** All jars of the S3 endpoint, as class path entries. */
    public String[] s3ClassPath() {
        return new String[] {
            built("local/s3/target/quotelake-local-s3.jar").toString(),
            allJars(built("local/s3/target/lib"))
        };
    }

    /** The directory of Flink's jars. */
    public Path flinkLib() {
        return built("local/flink/target/lib");
    }

    /** All jars of Flink, as a class path. */
    public String flinkClassPath() {
        return allJars(flinkLib());
    }

    /** Flink's own plugin for {@code s3://}, for checkpoints and savepoints. */
    public Path flinkS3Plugin() {
        Path folder = built("local/flink/target/plugins/s3-fs-hadoop");
        try (Stream<Path> jars = Files.list(folder)) {
            return jars.filter(jar -> jar.toString().endsWith(".jar")).findFirst().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The jars of the plugin through which Flink shows its metrics to Prometheus. */
    public List<Path> flinkMetricsPlugin() {
        return List.of(
                built("local/flink-metrics/target/quotelake-local-flink-metrics.jar"),
                built("local/flink-metrics/target/lib/flink-metrics-prometheus.jar"));
    }

    /** The Java agent through which the broker shows its metrics to Prometheus. */
    public Path kafkaMetricsAgent() {
        return built("local/kafka/target/agent/jmx_prometheus_javaagent.jar");
    }

    /** Alert rules, scrape configuration and dashboard. */
    public Path monitoring() {
        return home.resolve("monitoring");
    }

    /** The configuration directory of real clusters. */
    public Path flinkConf() {
        return home.resolve("flink-conf");
    }

    /** The producer's executable jar. */
    public Path producerJar() {
        return built("producer/target/quotelake-producer.jar");
    }

    /** The job's jar for {@code flink run}. */
    public Path jobJar() {
        return built("flink-job/target/quotelake-flink-job.jar");
    }

    /** The verifier's executable jar. */
    public Path verifierJar() {
        return built("verifier/target/quotelake-verifier.jar");
    }

    /** The dashboard's executable jar. */
    public Path dashboardJar() {
        return built("dashboard/target/quotelake-dashboard.jar");
    }

    /** The data set that is replayed when no other file is named. */
    public Path dataSet() {
        return home.resolve("data/indexProcessed.csv");
    }

    /** A file that the build makes. */
    public Path built(String path) {
        Path file = home.resolve(path);
        if (!Files.exists(file)) {
            throw Failure.ofUse(file + " is missing: build the project with `mvn package`");
        }
        return file;
    }

    private static String allJars(Path directory) {
        return directory + "/*";
    }
}
