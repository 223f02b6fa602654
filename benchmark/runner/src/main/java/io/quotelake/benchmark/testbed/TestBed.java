package io.quotelake.benchmark.testbed;

import io.quotelake.benchmark.rows.Feed;
import io.quotelake.benchmark.rows.TopicWriter;
import io.quotelake.local.stack.FlinkCluster;
import io.quotelake.local.stack.Installation;
import io.quotelake.local.stack.S3Keys;
import io.quotelake.local.stack.Stack;
import io.quotelake.local.stack.StackOptions;
import io.quotelake.local.stack.StateDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;

/**
 * What all contestants share: one Kafka broker and one S3 endpoint. Each has a Flink cluster of its
 * own, which stays warm while the others run, and does nothing then.
 */
public final class TestBed implements AutoCloseable {
    private static final String BUCKET = "benchmark";
    private static final int LINGER_MILLIS = 20;

    private final Installation installation;
    private final Path directory;
    private final Stack stack;
    private final Map<String, FlinkCluster> clusters = new HashMap<>();
    private final Set<String> topics = new HashSet<>();
    private int tables;

    private TestBed(Installation installation, Path directory, Stack stack) {
        this.installation = installation;
        this.directory = directory;
        this.stack = stack;
    }

    /**
     * Starts the broker, the endpoint, and the cluster named {@code quotelake}.
     *
     * @param directory gets everything; it is emptied first
     */
    public static TestBed start(Installation installation, Path directory) {
        delete(directory);
        StackOptions options =
                options(directory.resolve("quotelake"))
                        .flinkLibrary(installation.jobJar().toString())
                        .kafkaHeap("1g")
                        .s3Heap("1g");
        TestBed testBed = new TestBed(installation, directory, Stack.start(installation, options));
        testBed.clusters.put("quotelake", testBed.stack.flink());
        testBed.stack.s3().createBucket(BUCKET);
        return testBed;
    }

    public Installation installation() {
        return installation;
    }

    /** The broker and the endpoint, with a cluster of Quotelake's. */
    public Stack stack() {
        return stack;
    }

    public String bootstrapServers() {
        return stack.broker().bootstrapServers();
    }

    /** A directory for what a contestant writes beside its lake. */
    public Path directory() {
        return directory;
    }

    public String bucket() {
        return BUCKET;
    }

    public S3Keys keys() {
        try {
            return S3Keys.of(stack.state());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The cluster of that name; started when it is asked for the first time. */
    public FlinkCluster cluster(String name, UnaryOperator<StackOptions> how) {
        return clusters.computeIfAbsent(
                name, key -> stack.startFlink(how.apply(options(directory.resolve(key)))));
    }

    /** The topic that holds a feed; written when it is asked for the first time. */
    public String topic(Feed feed) {
        String topic = emptyTopic(feed.name(), feed.topicPartitions());
        if (topics.add(topic)) {
            try (TopicWriter writer =
                    new TopicWriter(bootstrapServers(), topic, feed, LINGER_MILLIS)) {
                writer.write(0, feed.rows());
            }
        }
        return topic;
    }

    /** A topic without rows, and its topic of dead letters. */
    public String emptyTopic(String topic, int partitions) {
        stack.broker().createTopic(topic, partitions);
        stack.broker().createTopic(topic + ".dead-letters", 1);
        return topic;
    }

    /** Deletes all topics of feeds, to have their disk space again. */
    public void deleteTopics() {
        List.copyOf(topics).forEach(this::deleteTopic);
    }

    /** Deletes a topic, to have its disk space again. */
    public void deleteTopic(String topic) {
        topics.remove(topic);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            admin.deleteTopics(Set.of(topic, topic + ".dead-letters")).all().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Topic " + topic + " can't be deleted", e);
        }
    }

    /** A place in the bucket that nobody has used. */
    public Table newTable() {
        String prefix = "table-" + ++tables;
        return new Table(
                "s3://" + BUCKET + "/" + prefix, prefix, stack.s3().bucket(BUCKET).resolve(prefix));
    }

    /** Stops all processes and deletes what they wrote. */
    @Override
    public void close() {
        stack.close();
        delete(directory);
    }

    /**
     * A prefix in the bucket.
     *
     * @param uri as Flink wants it
     * @param prefix of all its objects' keys, without a slash
     * @param path the directory of its objects
     */
    public record Table(String uri, String prefix, Path path) implements AutoCloseable {

        /** Deletes all objects. */
        @Override
        public void close() {
            delete(path);
        }
    }

    private static StackOptions options(Path state) {
        return new StackOptions(new StateDirectory(state))
                // Away from the usual ports, so that a system that runs for people is not met.
                .freePorts()
                // The classes of a job in lib stay compiled from one run to the next, as in one
                // that runs for long.
                .flink("classloader.resolve-order", "parent-first")
                .flink("execution.checkpointing.interval", "5s");
    }

    private static void delete(Path directory) {
        try {
            StateDirectory.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
