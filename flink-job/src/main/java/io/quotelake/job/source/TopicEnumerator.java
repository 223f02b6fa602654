package io.quotelake.job.source;

import io.quotelake.job.task.Refusal;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connector's enumerator, which also holds the job to its topic: at the start, against what the
 * checkpoint says, and while the job runs, against what the brokers say.
 *
 * <p>Metric: gauge {@code offsetsBehindTransactions}, what nobody can read yet because a
 * transaction before it is open; {@code pendingRecords} doesn't count it.
 */
final class TopicEnumerator implements SplitEnumerator<KafkaPartitionSplit, TopicState> {

    private static final Logger LOG = LoggerFactory.getLogger(TopicEnumerator.class);

    /**
     * How often the brokers are asked, in milliseconds; a property of the source as the connector's
     * {@code partition.discovery.interval.ms} is.
     */
    static final String CHECK_INTERVAL = "topic.check.interval.ms";

    private static final String DEFAULT_CHECK_INTERVAL = "20000";

    /** The first broker asked may be the last one to hear of a topic. */
    private static final int CHECKS_UNTIL_GONE = 2;

    private final TopicIdentity topic;
    private final TopicState restored;
    private final TopicLog log;
    private final SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> partitions;
    private final SplitEnumeratorContext<KafkaPartitionSplit> context;
    private final long checkIntervalMs;

    private boolean hasStarted;
    private int checksWithoutTopic;
    private volatile long behindTransactions;

    /**
     * @param restored null at the start without a checkpoint
     */
    TopicEnumerator(
            TopicIdentity topic,
            TopicState restored,
            TopicLog log,
            SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> partitions,
            SplitEnumeratorContext<KafkaPartitionSplit> context,
            Properties properties) {
        this.topic = topic;
        this.restored = restored;
        this.log = log;
        this.partitions = partitions;
        this.context = context;
        this.checkIntervalMs =
                Long.parseLong(properties.getProperty(CHECK_INTERVAL, DEFAULT_CHECK_INTERVAL));
    }

    @Override
    public void start() {
        if (restored != null) {
            restored.requireOf(topic);
            if (restored.topic() == null) {
                LOG.info(
                        "The checkpoint or savepoint of an older version doesn't say which topic"
                                + " '{}' it has read; from now on the job keeps to the one with the"
                                + " id {}.",
                        topic.name(),
                        topic.id());
            }
        }
        context.callAsync(log::describe, this::check, 0, checkIntervalMs);
        context.metricGroup().gauge("offsetsBehindTransactions", () -> behindTransactions);
        context.callAsync(log::behindTransactions, this::note, checkIntervalMs, checkIntervalMs);
    }

    /** What is not known keeps its last figure: the other check says why. */
    private void note(Long behind, Throwable failure) {
        if (failure == null) {
            behindTransactions = behind;
        }
    }

    private void check(Optional<TopicIdentity> found, Throwable failure) {
        if (failure != null) {
            if (!hasStarted) {
                throw new IllegalStateException(failure.getMessage(), failure);
            }
            LOG.warn("Which topic '{}' is was not checked.", topic.name(), failure);
            return;
        }
        if (found.isEmpty()) {
            checksWithoutTopic++;
            if (checksWithoutTopic >= CHECKS_UNTIL_GONE) {
                throw new Refusal(
                        String.format(
                                Locale.ROOT,
                                "the topic '%s' was deleted; a topic of that name that is created"
                                        + " anew is another one: %s",
                                topic.name(),
                                TopicIdentity.WAYS_OUT));
            }
            return;
        }
        checksWithoutTopic = 0;
        topic.requireStill(found.get());
        if (!hasStarted) {
            hasStarted = true;
            partitions.start();
        }
    }

    @Override
    public void handleSplitRequest(int subtask, String host) {
        partitions.handleSplitRequest(subtask, host);
    }

    @Override
    public void handleSourceEvent(int subtask, SourceEvent event) {
        partitions.handleSourceEvent(subtask, event);
    }

    @Override
    public void addSplitsBack(List<KafkaPartitionSplit> splits, int subtask) {
        partitions.addSplitsBack(splits, subtask);
    }

    @Override
    public void addReader(int subtask) {
        partitions.addReader(subtask);
    }

    @Override
    public TopicState snapshotState(long checkpointId) throws Exception {
        return new TopicState(topic, partitions.snapshotState(checkpointId));
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        partitions.notifyCheckpointComplete(checkpointId);
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
        partitions.notifyCheckpointAborted(checkpointId);
    }

    @Override
    public void close() throws IOException {
        try {
            partitions.close();
        } finally {
            log.close();
        }
    }
}
