package io.quotelake.job;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Future;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Time;

/** A real Kafka broker in this JVM, on free ports of the loopback interface, and its operator. */
public final class TestBroker implements AutoCloseable {

    private static final byte[] KEY = {'k'};

    private final Properties properties = new Properties();
    private final String address;
    private KafkaRaftServer server;
    private final Admin admin;

    public TestBroker(Path directory) throws IOException {
        int port;
        int controllerPort;
        try (ServerSocket broker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket controller =
                        new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = broker.getLocalPort();
            controllerPort = controller.getLocalPort();
        }
        address = "127.0.0.1:" + port;
        String controller = "127.0.0.1:" + controllerPort;
        properties.putAll(
                Map.ofEntries(
                        Map.entry("process.roles", "broker,controller"),
                        Map.entry("node.id", "1"),
                        Map.entry("controller.quorum.voters", "1@" + controller),
                        Map.entry("controller.listener.names", "CONTROLLER"),
                        Map.entry(
                                "listeners",
                                "PLAINTEXT://" + address + ",CONTROLLER://" + controller),
                        Map.entry("log.dirs", directory.resolve("kafka").toString()),
                        Map.entry("auto.create.topics.enable", "false"),
                        Map.entry("offsets.topic.replication.factor", "1"),
                        Map.entry("offsets.topic.num.partitions", "1"),
                        Map.entry("transaction.state.log.replication.factor", "1"),
                        Map.entry("transaction.state.log.min.isr", "1"),
                        Map.entry("transaction.state.log.num.partitions", "1"),
                        Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                        Map.entry("share.coordinator.state.topic.min.isr", "1"),
                        Map.entry("group.initial.rebalance.delay.ms", "0"),
                        Map.entry("log.cleaner.dedupe.buffer.size", "2097152"),
                        Map.entry("log.cleaner.backoff.ms", "200")));
        Files.createDirectories(directory);
        Path file = directory.resolve("server.properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            properties.store(out, null);
        }
        String[] format = {"format", "-t", Uuid.randomUuid().toString(), "-c", file.toString()};
        int code = StorageTool.execute(format, new PrintStream(OutputStream.nullOutputStream()));
        if (code != 0) {
            throw new IllegalStateException("formatting the broker's storage gave " + code);
        }
        start();
        admin = Admin.create(Map.of("bootstrap.servers", address));
    }

    void start() {
        server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        server.startup();
    }

    void stop() {
        server.shutdown();
        server.awaitShutdown();
    }

    public String address() {
        return address;
    }

    void create(String topic, int partitions) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
    }

    /** One that keeps the newest record of each key, soon. */
    void createCompacted(String topic) throws Exception {
        admin.createTopics(
                        List.of(
                                new NewTopic(topic, 1, (short) 1)
                                        .configs(
                                                Map.of(
                                                        "cleanup.policy", "compact",
                                                        "segment.bytes", "1048576",
                                                        "segment.ms", "100",
                                                        "min.cleanable.dirty.ratio", "0.001"))))
                .all()
                .get();
    }

    void delete(String topic) throws Exception {
        admin.deleteTopics(List.of(topic)).all().get();
    }

    void addPartitions(String topic, int total) throws Exception {
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(total))).all().get();
    }

    /** Deletes what stands before an offset. */
    void trim(String topic, int partition, long before) throws Exception {
        admin.deleteRecords(
                        Map.of(
                                new TopicPartition(topic, partition),
                                RecordsToDelete.beforeOffset(before)))
                .all()
                .get();
    }

    void commit(String group, String topic, long offset) throws Exception {
        admin.alterConsumerGroupOffsets(
                        group, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(offset)))
                .all()
                .get();
    }

    /** What a group has committed of partition 0. */
    long committed(String group, String topic) throws Exception {
        OffsetAndMetadata offset =
                admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .get(new TopicPartition(topic, 0));
        return offset == null ? -1 : offset.offset();
    }

    /** One record and batch for each number of a range, whose volume it is. */
    void put(String topic, int partition, int from, int to) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer(null)) {
            send(producer, topic, partition, from, to);
        }
    }

    /** The same in a transaction, which puts a marker behind them. */
    void putInTransaction(String topic, int from, int to, boolean commit) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer("feed")) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, topic, 0, from, to);
            if (commit) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }
    }

    private KafkaProducer<byte[], byte[]> producer(String transactionalId) {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", address);
        config.put("batch.size", 0);
        if (transactionalId != null) {
            config.put("transactional.id", transactionalId);
        }
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer, String topic, int partition, int from, int to)
            throws Exception {
        List<Future<?>> sent = new ArrayList<>();
        for (int number = from; number < to; number++) {
            sent.add(producer.send(new ProducerRecord<>(topic, partition, KEY, quote(number))));
        }
        for (Future<?> record : sent) {
            record.get();
        }
    }

    private static byte[] quote(int volume) {
        return String.format(
                        Locale.ROOT,
                        "{\"index\":\"HSI\",\"date\":\"2020-01-02\",\"open\":1.5,\"high\":2.0,"
                                + "\"low\":1.0,\"close\":1.25,\"volume\":%d}",
                        volume)
                .getBytes(StandardCharsets.UTF_8);
    }

    void putText(String topic, String text) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer(null)) {
            producer.send(
                            new ProducerRecord<>(
                                    topic, 0, null, text.getBytes(StandardCharsets.UTF_8)))
                    .get();
        }
    }

    /** The values that a read-committed reader finds in partition 0 of a topic. */
    List<String> values(String topic) {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", address);
        config.put("isolation.level", "read_committed");
        config.put("auto.offset.reset", "earliest");
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(
                                record ->
                                        values.add(
                                                new String(
                                                        record.value(), StandardCharsets.UTF_8)));
            }
        }
        return values;
    }

    @Override
    public void close() {
        admin.close();
        stop();
    }
}
