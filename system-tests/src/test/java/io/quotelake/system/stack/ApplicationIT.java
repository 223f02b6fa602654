package io.quotelake.system.stack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quotelake.local.stack.FlinkCluster;
import io.quotelake.local.stack.Installation;
import io.quotelake.local.stack.JobManager;
import io.quotelake.local.stack.Service;
import io.quotelake.local.stack.StackOptions;
import io.quotelake.local.stack.StateDirectory;
import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The job in application mode, as Kubernetes and Amazon's managed service run it: the JobManager
 * runs the program, from the jar in {@code usrlib} ({@code -Pjobs}).
 */
@Tag("jobs")
class ApplicationIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String BUCKET = "quotelake";
    private static final String TOPIC = "stock_market";
    private static final int ROWS = 100;

    private static KafkaAndS3 services;

    @BeforeAll
    static void start() {
        services = KafkaAndS3.start();
        services.s3().createBucket(BUCKET);
        services.broker().createTopic(TOPIC, 1);
        Map<String, Object> settings =
                Map.of("bootstrap.servers", services.broker().bootstrapServers());
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int row = 0; row < ROWS; row++) {
                producer.send(
                        new ProducerRecord<>(
                                TOPIC,
                                "HSI",
                                "{\"index\":\"HSI\",\"date\":\"2020-01-02\",\"open\":1,\"high\":2,"
                                        + "\"low\":1,\"close\":2,\"volume\":7}"));
            }
        }
    }

    @AfterAll
    static void stop() {
        services.close();
    }

    @Test
    void theProgramHasItsOptionsFromItsArguments() throws Exception {
        List<String> arguments = new ArrayList<>();
        options("of-arguments")
                .forEach((name, value) -> arguments.addAll(List.of("--" + name, value)));
        FlinkCluster cluster = cluster("arguments", arguments, Map.of());
        try {
            cluster.jobManagers().get(0).start();
            cluster.taskManagers().get(0).start();

            awaitRows("of-arguments");
        } finally {
            close(cluster);
        }
    }

    @Test
    void theProgramHasItsOptionsFromThePropertyGroup() throws Exception {
        Path file = Path.of("target/application-properties.json").toAbsolutePath();
        new ObjectMapper()
                .writeValue(
                        file.toFile(),
                        List.of(
                                Map.of(
                                        "PropertyGroupId",
                                        "quotelake",
                                        "PropertyMap",
                                        options("of-group"))));
        FlinkCluster cluster =
                cluster(
                        "group",
                        List.of(),
                        Map.of("QUOTELAKE_APPLICATION_PROPERTIES", file.toString()));
        try {
            cluster.jobManagers().get(0).start();
            cluster.taskManagers().get(0).start();

            awaitRows("of-group");
        } finally {
            close(cluster);
        }
    }

    @Test
    void aWrongOptionEndsTheClusterInItsLine() throws Exception {
        FlinkCluster cluster = cluster("wrong", List.of("--date-granularity", "week"), Map.of());
        JobManager jobManager = cluster.jobManagers().get(0);
        try {
            jobManager.start();
        } catch (Failure endedBeforeItAnswered) {
            assertThat(jobManager.process().isAlive()).isFalse();
        }
        try {
            await().atMost(PATIENCE).until(() -> !jobManager.process().isAlive());

            assertThat(jobManager.process().onExit().join()).isNotZero();
            assertThat(Files.readAllLines(jobManager.log()))
                    .anyMatch(
                            line ->
                                    line.contains("--date-granularity")
                                            && line.contains("week")
                                            && line.contains("(--help shows all options)"));
        } finally {
            close(cluster);
        }
    }

    private static Map<String, String> options(String table) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("bootstrap-servers", services.broker().bootstrapServers());
        options.put("topic", TOPIC);
        options.put("group-id", table);
        options.put("output", "s3://" + BUCKET + "/" + table);
        options.put("roll-interval", "1s");
        return options;
    }

    private static FlinkCluster cluster(
            String name, List<String> arguments, Map<String, String> environment)
            throws IOException {
        StateDirectory state =
                new StateDirectory(Path.of("target/application-it-" + name).toAbsolutePath());
        StackOptions options =
                new StackOptions(state)
                        .flink("execution.checkpointing.interval", "1s")
                        .application(arguments, environment);
        FlinkCluster cluster = new FlinkCluster(Installation.current(), options);
        cluster.configure(services.s3().uri(), services.keys());
        return cluster;
    }

    private static void awaitRows(String table) {
        Path folder =
                services.s3().bucket(BUCKET).resolve(table).resolve("index=HSI/date=2020-01-02");
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(rows(folder)).isEqualTo(ROWS));
    }

    private static long rows(Path folder) throws IOException {
        long rows = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                rows += Files.readString(file, UTF_8).lines().count();
            }
        }
        return rows;
    }

    private static void close(FlinkCluster cluster) {
        cluster.taskManagers().forEach(Service::close);
        cluster.jobManagers().get(0).close();
    }
}
