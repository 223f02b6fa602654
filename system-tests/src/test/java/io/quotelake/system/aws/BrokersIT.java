package io.quotelake.system.aws;

import static io.quotelake.system.aws.ScratchCloud.PARAMETERS;
import static io.quotelake.system.aws.ScratchCloud.REGION;
import static io.quotelake.system.aws.ScratchCloud.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Three hosts of one Kafka cluster, made and changed by the scripts of {@code aws/}. */
@Tag("hosts")
class BrokersIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir(factory = ScratchCloud.BelowTarget.class, cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final int[] inside = ports();
    private final int[] outside = ports();
    private final List<ScratchHost> hosts = new ArrayList<>();

    @BeforeEach
    void bootThreeBrokers() throws IOException {
        ScratchCloud cloud = new ScratchCloud(directory);
        cloud.packKafka();
        int[] controllers = ports();
        String quorum =
                IntStream.range(0, 3)
                        .mapToObj(i -> (i + 1) + "@127.0.0.1:" + controllers[i])
                        .collect(Collectors.joining(","));
        for (int i = 0; i < 3; i++) {
            ScratchHost host =
                    cloud.broker(
                                    directory.resolve("kafka-" + (i + 1)),
                                    i + 1,
                                    quorum,
                                    inside[i],
                                    outside[i])
                            .with("REPLICATION", 3)
                            .with("MIN_ISR", 2);
            hosts.add(host);
            host.boot();
        }
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(hosts.get(0).journal("topic"))
                                        .as(hosts.get(0).journal("setup"))
                                        .contains("permissions are as wanted"));
    }

    @AfterEach
    void stop() {
        hosts.forEach(ScratchHost::close);
    }

    @Test
    void eachPrincipalMayWhatItNeedsAndBrokersRollOneAfterAnotherUnderAFeed() throws Exception {
        everyBrokerIsTrusted();
        noSecretIsInALogOrReadableByOthers();
        nobodyOutsideAdministers();
        aProducerWritesItsTopicAndItsPositionsAndNothingElse();
        theJobReadsTheTopicAndWritesDeadLetters();
        aPasswordThatIsLostOrKnownIsRotated();
        topicsAreBoundByTheDisk();
        whatABrokerLacksRings();
        anEmptyDiskIsFilledFromTheOthers();
        brokersRollOneAfterAnotherAndNothingAcknowledgedIsLost();
    }

    private void everyBrokerIsTrusted() throws Exception {
        for (int port : outside) {
            try (Admin admin = Admin.create(client("quotelake", port))) {
                assertThat(admin.describeCluster().nodes().get()).hasSize(3);
            }
        }
    }

    private void noSecretIsInALogOrReadableByOthers() throws IOException {
        Path passwords = directory.resolve("cloud/ssm" + PARAMETERS + "/passwords");
        for (String user : List.of("broker", "quotelake", "quotelake-job", "quotelake-operator")) {
            String password = Files.readString(passwords.resolve(user)).trim();
            assertThat(password).hasSize(64);
            for (ScratchHost host : hosts) {
                for (String unit : List.of("setup", "kafka", "topic")) {
                    assertThat(host.journal(unit)).doesNotContain(password);
                }
            }
        }
        for (ScratchHost host : hosts) {
            assertThat(permissions(host.path("etc/quotelake/kafka/server.properties")))
                    .isEqualTo("rw-------");
            assertThat(permissions(host.path("var/lib/quotelake/tls/broker.pem")))
                    .isEqualTo("rw-------");
        }
    }

    private void nobodyOutsideAdministers() throws IOException {
        for (String user : List.of("quotelake", "quotelake-job", "quotelake-operator")) {
            try (Admin admin = Admin.create(client(user, outside[0]))) {
                refused(() -> admin.deleteTopics(List.of(TOPIC)).all().get());
                refused(() -> admin.createTopics(List.of(topic("other"))).all().get());
                refused(
                        () ->
                                admin.alterUserScramCredentials(
                                                List.of(
                                                        new UserScramCredentialUpsertion(
                                                                "intruder",
                                                                new ScramCredentialInfo(
                                                                        ScramMechanism
                                                                                .SCRAM_SHA_512,
                                                                        8192),
                                                                "secret")))
                                        .all()
                                        .get());
                refused(() -> admin.describeAcls(AclBindingFilter.ANY).values().get());
            }
        }
    }

    private void aProducerWritesItsTopicAndItsPositionsAndNothingElse() throws Exception {
        try (Admin admin = Admin.create(client("quotelake", outside[0]))) {
            admin.createTopics(List.of(topic(TOPIC + ".producer-positions"))).all().get();
            refused(() -> admin.createTopics(List.of(topic(TOPIC + ".dead-letters"))).all().get());
        }
        send("quotelake", TOPIC, "transactional");
        send("quotelake", TOPIC + ".producer-positions", null);
    }

    private void theJobReadsTheTopicAndWritesDeadLetters() throws Exception {
        try (Admin admin = Admin.create(client("quotelake-job", outside[0]))) {
            admin.createTopics(List.of(topic(TOPIC + ".dead-letters"))).all().get();
        }
        send("quotelake-job", TOPIC + ".dead-letters", "quotelake/dead-letters");
        refused(() -> send("quotelake-job", TOPIC, null));
        refused(() -> send("quotelake-job", TOPIC + ".dead-letters", "transactional"));
        refused(() -> send("quotelake", TOPIC + ".dead-letters", null));
        assertThat(read("quotelake-job", TOPIC)).containsExactly("sent");
        refused(() -> read("quotelake", TOPIC + ".dead-letters"));
        assertThat(read("quotelake-operator", TOPIC + ".dead-letters")).containsExactly("sent");
    }

    private void aPasswordThatIsLostOrKnownIsRotated() throws Exception {
        Properties old = client("quotelake", outside[0]);
        // A parameter that somebody has deleted is made anew.
        Files.delete(directory.resolve("cloud/ssm" + PARAMETERS + "/passwords/quotelake"));
        ScratchHost.Outcome rotated =
                hosts.get(0)
                        .run(
                                List.of(
                                        ScratchHost.script("rotate-password"),
                                        REGION,
                                        "quotelake",
                                        "quotelake"));
        assertThat(rotated.exitCode()).as(rotated.output()).isZero();
        assertThat(client("quotelake", outside[0]).get("sasl.jaas.config"))
                .as("client-properties gives the new one")
                .isNotEqualTo(old.get("sasl.jaas.config"));
        try (Admin admin = Admin.create(old)) {
            assertThatThrownBy(() -> admin.describeCluster().nodes().get())
                    .hasMessageContaining("Authentication failed");
        }
        everyBrokerIsTrusted();
    }

    /** Half of the GiB for the two partitions of the quotes. */
    private void topicsAreBoundByTheDisk() throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
        try (Admin admin = Admin.create(client("quotelake-operator", outside[0]))) {
            assertThat(
                            admin.describeConfigs(List.of(topic))
                                    .all()
                                    .get()
                                    .get(topic)
                                    .get("retention.bytes")
                                    .value())
                    .isEqualTo(Long.toString(1L << 28));
        }
    }

    /** The third broker's disk is lost: what {@code terraform apply -replace} leaves of it. */
    private void anEmptyDiskIsFilledFromTheOthers() throws Exception {
        List<String> before = read("quotelake-operator", TOPIC);
        ScratchHost third = hosts.get(2);
        third.systemctl("stop", "kafka");
        for (String folder : List.of("log", "tls")) {
            try (Stream<Path> all = Files.walk(third.path("var/lib/quotelake/" + folder))) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        Files.delete(third.path("etc/quotelake/kafka/started"));
        third.systemctl("restart", "setup");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(
                                                third.runProgram(
                                                                "opt/quotelake/kafka.env",
                                                                "kafka-in-sync")
                                                        .output())
                                        .contains("All of 3 brokers are in sync"));
        for (int number : List.of(0, 1)) {
            hosts.get(number).systemctl("stop", "kafka");
            hosts.get(number).systemctl("start", "kafka");
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(
                                                    third.runProgram(
                                                                    "opt/quotelake/kafka.env",
                                                                    "kafka-in-sync")
                                                            .exitCode())
                                            .isZero());
        }
        assertThat(read("quotelake-operator", TOPIC)).isEqualTo(before);
    }

    /** The second broker is away; a topic of one copy was on it alone. */
    private void whatABrokerLacksRings() throws Exception {
        Alarms alarms =
                new Alarms(
                        hosts.get(0),
                        "opt/quotelake/kafka.env",
                        "publish-kafka-figures",
                        directory.resolve("cloud/cloudwatch/Quotelake/scratch"),
                        "broker");
        Properties operator = new Properties();
        try (var reader =
                Files.newBufferedReader(
                        hosts.get(0).path("etc/quotelake/kafka/admin.properties"))) {
            operator.load(reader);
        }
        operator.put("bootstrap.servers", "127.0.0.1:" + inside[0]);
        try (Admin admin = Admin.create(operator)) {
            admin.createTopics(List.of(new NewTopic("one-copy", Map.of(0, List.of(2)))))
                    .all()
                    .get();
            assertThat(alarms.ringingAfter(5)).isEmpty();
            hosts.get(1).systemctl("stop", "kafka");
            await().atMost(PATIENCE).until(() -> alarms.figures().get("OfflinePartitions") == 1);
            assertThat(alarms.ringingAfter(5)).containsExactly("offline", "under-replicated");
            hosts.get(1).systemctl("start", "kafka");
            await().atMost(PATIENCE)
                    .until(() -> alarms.figures().get("UnderReplicatedPartitions") == 0);
            admin.deleteTopics(List.of("one-copy")).all().get();
        }
        assertThat(alarms.ringingAfter(1)).isEmpty();

        Files.writeString(directory.resolve("cloud/disk"), "86");
        assertThat(alarms.ringingAfter(5)).containsExactly("disk");
        Files.delete(directory.resolve("cloud/disk"));
        assertThat(alarms.ringingAfter(1)).isEmpty();

        Path certificate = hosts.get(0).path("var/lib/quotelake/tls/certificate.pem");
        ScratchHost.Outcome made =
                hosts.get(0)
                        .run(
                                List.of(
                                        "bash",
                                        "-c",
                                        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 59 -subj /CN=short -keyout /dev/null -out '%s'"
                                                .formatted(certificate)));
        assertThat(made.exitCode()).as(made.output()).isZero();
        assertThat(alarms.ringingAfter(5)).containsExactly("certificate");
        hosts.get(0).systemctl("restart", "setup");
        await().atMost(PATIENCE).until(() -> alarms.figures().get("CertificateDays") >= 396);
        assertThat(alarms.ringingAfter(1)).isEmpty();
        everyBrokerIsTrusted();

        hosts.get(0).systemctl("stop", "kafka");
        assertThat(alarms.ringingIfAllStaysSo(5)).containsExactly("under-replicated");
        hosts.get(0).systemctl("start", "kafka");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(alarms.figures())
                                        .containsEntry("UnderReplicatedPartitions", 0.0));
    }

    /** Every broker is given another heap, as another version would be: it must restart. */
    private void brokersRollOneAfterAnotherAndNothingAcknowledgedIsLost() throws Exception {
        List<Long> before = processes();
        for (ScratchHost host : hosts) {
            host.with("HEAP_MIB", 260).apply();
        }
        Set<String> acknowledged = new ConcurrentSkipListSet<>();
        AtomicInteger failures = new AtomicInteger();
        AtomicInteger mostDown = new AtomicInteger();
        AtomicBoolean rolling = new AtomicBoolean(true);
        Thread feed = new Thread(() -> feed(rolling, acknowledged, failures), "feed");
        Thread watch = new Thread(() -> watch(rolling, mostDown), "watch");
        feed.start();
        watch.start();

        ScratchHost.Outcome rolled =
                hosts.get(0).run(List.of(ScratchHost.script("roll"), REGION, "quotelake", "kafka"));
        rolling.set(false);
        feed.join();
        watch.join();

        assertThat(rolled.exitCode()).as(rolled.output()).isZero();
        assertThat(processes()).doesNotContainAnyElementsOf(before);
        assertThat(mostDown).as("brokers down at once").hasValue(1);
        assertThat(failures).as("records that were refused").hasValue(0);
        assertThat(acknowledged).hasSizeGreaterThan(100);
        List<String> there = read("quotelake-operator", TOPIC);
        assertThat(there).doesNotHaveDuplicates().containsAll(acknowledged);
    }

    private void feed(AtomicBoolean on, Set<String> acknowledged, AtomicInteger failures) {
        Properties properties = client("quotelake", outside[0]);
        properties.put("acks", "all");
        properties.put("enable.idempotence", "true");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; on.get(); i++) {
                String value = "fed-%06d".formatted(i);
                try {
                    producer.send(new ProducerRecord<>(TOPIC, value, value)).get();
                    acknowledged.add(value);
                } catch (ExecutionException e) {
                    failures.incrementAndGet();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private void watch(AtomicBoolean on, AtomicInteger mostDown) {
        while (on.get()) {
            int down =
                    (int) IntStream.of(inside).filter(port -> !ScratchCloud.listens(port)).count();
            mostDown.accumulateAndGet(down, Math::max);
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    private List<Long> processes() throws IOException {
        List<Long> processes = new ArrayList<>();
        for (ScratchHost host : hosts) {
            processes.add(host.process("kafka").pid());
        }
        return processes;
    }

    private void send(String user, String topic, String transactionalId) throws Exception {
        Properties properties = client(user, outside[1]);
        properties.put("max.block.ms", "20000");
        if (transactionalId != null) {
            properties.put("transactional.id", transactionalId);
        }
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            if (transactionalId != null) {
                producer.initTransactions();
                producer.beginTransaction();
            }
            producer.send(new ProducerRecord<>(topic, "key", "sent")).get();
            if (transactionalId != null) {
                producer.commitTransaction();
            }
        }
    }

    /** All that is committed in a topic. */
    private List<String> read(String user, String topic) {
        Properties properties = client(user, outside[2]);
        properties.put("isolation.level", "read_committed");
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(
                        properties, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                for (ConsumerRecord<String, String> found : consumer.poll(Duration.ofSeconds(1))) {
                    values.add(found.value());
                }
            }
        }
        return values;
    }

    private Properties client(String user, int port) {
        Path file = directory.resolve(user + ".properties");
        try {
            ScratchHost.Outcome written =
                    hosts.get(0)
                            .run(
                                    List.of(
                                            ScratchHost.script("client-properties"),
                                            REGION,
                                            PARAMETERS,
                                            file.toString(),
                                            user));
            assertThat(written.exitCode()).as(written.output()).isZero();
            assertThat(permissions(file)).isEqualTo("rw-------");
            Properties properties = new Properties();
            try (var reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
            properties.put("bootstrap.servers", "127.0.0.1:" + port);
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static NewTopic topic(String name) {
        return new NewTopic(name, Optional.of(1), Optional.empty());
    }

    private static void refused(ThrowingCall call) {
        assertThatThrownBy(call::run)
                .satisfiesAnyOf(
                        failure -> assertThat(failure).isInstanceOf(AuthorizationException.class),
                        failure ->
                                assertThat(failure)
                                        .isInstanceOf(ExecutionException.class)
                                        .hasCauseInstanceOf(AuthorizationException.class));
    }

    private interface ThrowingCall {
        void run() throws Exception;
    }

    private static int[] ports() {
        Set<Integer> ports = new TreeSet<>();
        while (ports.size() < 3) {
            ports.add(ScratchCloud.freePort());
        }
        return ports.stream().mapToInt(Integer::intValue).toArray();
    }
}
