package io.quotelake.system.stack;

import io.quotelake.local.stack.Installation;
import io.quotelake.local.stack.KafkaBroker;
import io.quotelake.local.stack.S3Endpoint;
import io.quotelake.local.stack.S3Keys;
import io.quotelake.local.stack.StackOptions;
import io.quotelake.local.stack.StateDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/** A broker and an S3 endpoint alone, for tests that need no Flink. */
public final class KafkaAndS3 implements AutoCloseable {
    private final StateDirectory state;
    private final KafkaBroker broker;
    private final S3Endpoint s3;

    private KafkaAndS3(Path directory) {
        state = new StateDirectory(directory);
        Installation installation = Installation.current();
        StackOptions options = new StackOptions(state).kafkaHeap("256m").s3Heap("128m");
        broker = new KafkaBroker(installation, options);
        s3 = new S3Endpoint(installation, options);
    }

    /** Starts both in an empty directory of this module's {@code target}. */
    public static KafkaAndS3 start() {
        KafkaAndS3 parts = new KafkaAndS3(emptyDirectory());
        CompletableFuture<Void> kafka = CompletableFuture.runAsync(parts.broker::start);
        parts.s3.start();
        kafka.join();
        return parts;
    }

    /** Starts the S3 endpoint alone. */
    public static KafkaAndS3 startS3() {
        KafkaAndS3 parts = new KafkaAndS3(emptyDirectory());
        parts.s3.start();
        return parts;
    }

    private static Path emptyDirectory() {
        try {
            Path target = Path.of("target").toAbsolutePath();
            Path directory = Files.createTempDirectory(target, "kafka-and-s3-");
            Files.createDirectories(new StateDirectory(directory).temporary());
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public KafkaBroker broker() {
        return broker;
    }

    public S3Endpoint s3() {
        return s3;
    }

    /** What the endpoint accepts. */
    public S3Keys keys() {
        try {
            return S3Keys.of(state);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets a partition's records before an offset expire. */
    public void deleteRecords(String topic, int partition, long beforeOffset) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.deleteRecords(
                            Map.of(
                                    new TopicPartition(topic, partition),
                                    RecordsToDelete.beforeOffset(beforeOffset)))
                    .all()
                    .get();
        }
    }

    /** Deletes a topic and makes another one of the same name. */
    public void recreateTopic(String topic, int partitions) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.deleteTopics(List.of(topic)).all().get();
            Awaitility.await().until(() -> !admin.listTopics().names().get().contains(topic));
        }
        broker.createTopic(topic, partitions);
    }

    @Override
    public void close() {
        broker.close();
        s3.close();
    }
}
