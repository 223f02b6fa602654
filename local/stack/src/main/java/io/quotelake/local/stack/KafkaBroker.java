package io.quotelake.local.stack;

import io.quotelake.local.process.JavaCommand;
import io.quotelake.local.process.Leash;
import io.quotelake.local.process.LogTail;
import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * A Kafka broker that is its own KRaft controller, on 127.0.0.1, with its records in the state
 * directory.
 */
public final class KafkaBroker extends Service {
    /** The port that tutorials and tools expect. */
    public static final int USUAL_PORT = 9092;

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    private final Installation installation;
    private final StackOptions options;
    private int port;
    private int controllerPort;
    private int metricsPort;

    public KafkaBroker(Installation installation, StackOptions options) {
        super("Kafka broker", "kafka", options.state());
        this.installation = installation;
        this.options = options;
    }

    /** {@code host:port}, as clients want it. */
    public String bootstrapServers() {
        return Ports.ADDRESS + ":" + port;
    }

    /** What tells this broker from another one that has its port later. */
    public String clusterId() {
        Path identity = state().kafka().resolve("data/meta.properties");
        Properties properties = new Properties();
        try (var stream = Files.newInputStream(identity)) {
            properties.load(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("cluster.id");
    }

    /** Makes a topic unless it exists, and waits until the broker leads all its partitions. */
    public void createTopic(String topic, int partitions) {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            awaitLed(admin, topic, partitions);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw Failure.atRunTime(
                        "Topic " + topic + " can't be made: " + e.getCause().getMessage());
            }
        } catch (TimeoutException e) {
            throw Failure.atRunTime(
                    "Topic " + topic + " can't be made: the broker does not answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.atRunTime("Interrupted while making topic " + topic);
        }
    }

    /** Sets a topic's {@code max.message.bytes}. */
    public void limitRecords(String topic, int maxBytes) {
        AlterConfigOp limit =
                new AlterConfigOp(
                        new ConfigEntry("max.message.bytes", Integer.toString(maxBytes)),
                        AlterConfigOp.OpType.SET);
        try (Admin admin = admin()) {
            admin.incrementalAlterConfigs(
                            Map.of(
                                    new ConfigResource(ConfigResource.Type.TOPIC, topic),
                                    List.of(limit)))
                    .all()
                    .get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw Failure.atRunTime("The limit of topic " + topic + " can't be set: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.atRunTime("Interrupted while setting the limit of " + topic);
        }
    }

    /**
     * Waits until the broker tells the end of each partition, as only a leader does. Before, it may
     * not know the topic, or refuse a producer's first batch: its second would overtake it, and an
     * idempotent producer can't send it any more.
     */
    private static void awaitLed(Admin admin, String topic, int partitions)
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<TopicPartition, OffsetSpec> ends =
                IntStream.range(0, partitions)
                        .mapToObj(partition -> new TopicPartition(topic, partition))
                        .collect(Collectors.toMap(each -> each, each -> OffsetSpec.latest()));
        long deadline = System.nanoTime() + ANSWER_WITHIN.toNanos();
        while (true) {
            try {
                admin.listOffsets(ends).all().get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
                        || System.nanoTime() > deadline) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    @Override
    public String address() {
        return bootstrapServers();
    }

    @Override
    public Optional<URI> metrics() {
        return Optional.of(metricsOn(metricsPort));
    }

    @Override
    public OptionalInt usualPort() {
        return OptionalInt.of(USUAL_PORT);
    }

    @Override
    protected void choosePorts() {
        port = options.kafkaPort() > 0 ? options.kafkaPort() : options.usualOrFree(USUAL_PORT);
        controllerPort = Ports.free();
        metricsPort = Ports.free();
    }

    @Override
    protected JavaCommand command() throws IOException {
        Path configuration = writeConfiguration();
        format(configuration);
        return java(options.kafkaHeap())
                .options(metricsAgent())
                .main("kafka.Kafka", installation.kafkaClassPath())
                .arguments(configuration.toString());
    }

    @Override
    public boolean answers() {
        if (Ports.isFree(port)) {
            return false; // A client would wait for its own time limits, and log each refusal.
        }
        try (Admin admin = admin()) {
            // Another one may have taken the port since it was seen to be free.
            return admin.describeCluster().clusterId().get(2, TimeUnit.SECONDS).equals(clusterId());
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Admin admin() {
        return Admin.create(
                Map.of(
                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers(),
                        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        (int) ANSWER_WITHIN.toMillis(),
                        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        5_000));
    }

    private JavaCommand java(String heap) {
        return new JavaCommand()
                .options(options.logOptions("kafka"))
                .options(
                        "-Xmx" + heap,
                        "-Djava.io.tmpdir=" + state().temporary(),
                        "-Dlog4j2.configurationFile="
                                + installation.flinkConf().resolve("log4j-console.properties"));
    }

    private String metricsAgent() {
        return "-javaagent:%s=%s:%d:%s"
                .formatted(
                        installation.kafkaMetricsAgent(),
                        Ports.ADDRESS,
                        metricsPort,
                        installation.monitoring().resolve("kafka-jmx.yml"));
    }

    private Path writeConfiguration() throws IOException {
        Properties properties = new Properties();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", "1");
        properties.put("controller.quorum.voters", "1@" + Ports.ADDRESS + ":" + controllerPort);
        properties.put(
                "listeners",
                "PLAINTEXT://"
                        + bootstrapServers()
                        + ",CONTROLLER://"
                        + Ports.ADDRESS
                        + ":"
                        + controllerPort);
        properties.put("advertised.listeners", "PLAINTEXT://" + bootstrapServers());
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put(
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("log.dirs", state().kafka().resolve("data").toString());
        properties.put("offsets.topic.replication.factor", "1");
        properties.put("offsets.topic.num.partitions", "1");
        properties.put("transaction.state.log.replication.factor", "1");
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("transaction.state.log.num.partitions", "4");
        properties.put("share.coordinator.state.topic.replication.factor", "1");
        properties.put("share.coordinator.state.topic.min.isr", "1");
        properties.put("group.initial.rebalance.delay.ms", "0");
        // The least that the log cleaner accepts: the default takes 128 MB of the heap.
        properties.put("log.cleaner.dedupe.buffer.size", "2097152");
        // A topic is made on purpose, with its number of partitions, never by a misspelt name.
        properties.put("auto.create.topics.enable", "false");
        properties.putAll(options.kafkaConfiguration());
        Path file = state().kafka().resolve("server.properties");
        Files.createDirectories(file.getParent());
        // Kafka reads bytes of ISO 8859-1 with escapes, which a writer would not write.
        try (var stream = Files.newOutputStream(file)) {
            properties.store(stream, null);
        }
        return file;
    }

    /** Gives the data directory its identity; a directory that has one keeps it. */
    private void format(Path configuration) throws IOException {
        if (Files.exists(state().kafka().resolve("data/meta.properties"))) {
            return;
        }
        List<String> words =
                new ArrayList<>(
                        java("128m")
                                .shortLived()
                                .main("kafka.tools.StorageTool", installation.kafkaClassPath())
                                .arguments(
                                        "format",
                                        "-t",
                                        Uuid.randomUuid().toString(),
                                        "-c",
                                        configuration.toString())
                                .words());
        Files.createDirectories(output().getParent());
        Process format =
                new ProcessBuilder(Leash.inBackground(words))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()))
                        .start();
        try {
            if (format.waitFor() != 0) {
                throw Failure.atRunTime(
                        "the broker's data directory can't be formatted: %s (log: %s)"
                                .formatted(LogTail.reason(logTail()), output()));
            }
        } catch (InterruptedException e) {
            format.destroyForcibly();
            Thread.currentThread().interrupt();
            throw Failure.atRunTime("Interrupted while formatting the broker's data directory");
        }
    }
}
