package io.quotelake.job;

import io.quotelake.job.KafkaCheck.Unusable;
import io.quotelake.job.deadletter.DeadLetterSink;
import io.quotelake.job.owner.Run;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Properties;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.environment.CheckpointConfig;
import org.apache.flink.util.TimeUtils;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The Kafka producer that writes dead letters, as the user's properties, the brokers and Flink's
 * timeouts have it. What can't work together is refused before the job starts, with both values:
 * running, it would restart again and again.
 */
final class DeadLetterSettings {

    /** The longest outage after which dead letters of the last checkpoint are still delivered. */
    private static final Duration LONGEST_TRANSACTION_TIMEOUT = Duration.ofHours(1);

    /** Kafka's defaults. */
    private static final long DEFAULT_BUFFER_BYTES = 32L * 1024 * 1024;

    private static final long DEFAULT_BATCH_BYTES = 16 * 1024;
    private static final long DEFAULT_LINGER_MILLIS = 5;
    private static final long DEFAULT_REQUEST_TIMEOUT_MILLIS = 30_000;
    private static final long DEFAULT_DELIVERY_TIMEOUT_MILLIS = 120_000;
    private static final long DEFAULT_MAX_BLOCK_MILLIS = 60_000;

    /** What a task's end takes beside the wait for an answer about its transaction. */
    private static final Duration REST_OF_CLOSE = Duration.ofMinutes(1);

    private final JobOptions options;
    private final KafkaCheck kafka;
    private final Properties producer;

    private DeadLetterSettings(JobOptions options, KafkaCheck kafka) {
        this.options = options;
        this.kafka = kafka;
        this.producer = options.kafkaProperties();
    }

    /**
     * The sink for these options.
     *
     * @param run whose table the letters belong to
     * @throws Unusable if settings contradict each other
     */
    static DeadLetterSink sink(
            JobOptions options,
            KafkaCheck kafka,
            Run run,
            CheckpointConfig checkpoints,
            ReadableConfig flink)
            throws Unusable {
        DeadLetterSettings settings = new DeadLetterSettings(options, kafka);
        settings.complete();
        settings.checkTimeouts(checkpoints, flink);
        settings.checkSizes();
        settings.checkByKafka();
        return new DeadLetterSink(
                run,
                options.s3(),
                settings.producer,
                options.deadLetterTopic(),
                settings.transactionalIdPrefix(),
                kafka.maxDeadLetterBytes());
    }

    /**
     * Two jobs with one prefix abort each other's transactions. So it holds all that makes a job
     * itself, with no slash but the ones between: none is then the beginning of another.
     */
    private String transactionalIdPrefix() {
        return String.format(
                Locale.ROOT,
                "quotelake/%s/%s/%s/%s/",
                options.deadLetterTopic(),
                options.topic(),
                URLEncoder.encode(options.table(), StandardCharsets.UTF_8),
                URLEncoder.encode(options.groupId(), StandardCharsets.UTF_8));
    }

    private void complete() throws Unusable {
        producer.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, options.bootstrapServers());
        producer.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        producer.put(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                Integer.toString(kafka.maxDeadLetterBytes()));
        producer.putIfAbsent(
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                Long.toString(Math.max(DEFAULT_BUFFER_BYTES, 2L * kafka.maxDeadLetterBytes())));
        producer.put(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                Long.toString(transactionTimeout().toMillis()));
    }

    private Duration transactionTimeout() throws Unusable {
        Duration granted = kafka.maxTransactionTimeout();
        if (producer.getProperty(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG) == null) {
            return granted.compareTo(LONGEST_TRANSACTION_TIMEOUT) < 0
                    ? granted
                    : LONGEST_TRANSACTION_TIMEOUT;
        }
        long wanted = number(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 0);
        check(
                wanted > 0 && wanted <= granted.toMillis(),
                "transaction.timeout.ms %d is not from 1 to the %d that the brokers grant; change it,"
                        + " or raise their transaction.max.timeout.ms",
                wanted,
                granted.toMillis());
        return Duration.ofMillis(wanted);
    }

    private void checkTimeouts(CheckpointConfig checkpoints, ReadableConfig flink) throws Unusable {
        Duration transaction =
                Duration.ofMillis(number(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 0));
        Duration interval = Duration.ofMillis(checkpoints.getCheckpointInterval());
        Duration checkpoint = Duration.ofMillis(checkpoints.getCheckpointTimeout());
        check(
                interval.plus(checkpoint).compareTo(transaction) <= 0,
                "execution.checkpointing.interval %s and execution.checkpointing.timeout %s are"
                        + " together longer than transaction.timeout.ms %s: brokers would drop the"
                        + " dead letters of a slow checkpoint; shorten one of the two, or raise"
                        + " transaction.max.timeout.ms of the brokers%s",
                shown(interval),
                shown(checkpoint),
                shown(transaction),
                options.kafkaProperties().containsKey(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG)
                        ? " and transaction.timeout.ms"
                        : "");
        Duration block =
                Duration.ofMillis(
                        number(ProducerConfig.MAX_BLOCK_MS_CONFIG, DEFAULT_MAX_BLOCK_MILLIS));
        Duration cancellation =
                Duration.ofMillis(
                        flink.get(TaskManagerOptions.TASK_CANCELLATION_TIMEOUT).toMillis());
        check(
                cancellation.isZero() || block.plus(REST_OF_CLOSE).compareTo(cancellation) <= 0,
                "max.block.ms %s is too long for task.cancellation.timeout %s, after which Flink ends"
                        + " the whole TaskManager: a task without a broker ends up to %s after"
                        + " max.block.ms; lower the one or raise the other",
                shown(block),
                shown(cancellation),
                shown(REST_OF_CLOSE));
        long delivery =
                number(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DEFAULT_DELIVERY_TIMEOUT_MILLIS);
        long linger = number(ProducerConfig.LINGER_MS_CONFIG, DEFAULT_LINGER_MILLIS);
        long request =
                number(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, DEFAULT_REQUEST_TIMEOUT_MILLIS);
        check(
                linger + request <= delivery,
                "delivery.timeout.ms %d is less than linger.ms %d and request.timeout.ms %d together;"
                        + " raise it or lower them",
                delivery,
                linger,
                request);
    }

    private void checkSizes() throws Unusable {
        long buffer = number(ProducerConfig.BUFFER_MEMORY_CONFIG, DEFAULT_BUFFER_BYTES);
        check(
                kafka.maxDeadLetterBytes() <= buffer,
                "buffer.memory %d is less than the %d bytes of the largest record that the topic %s"
                        + " takes (max.message.bytes); raise the one or lower the other",
                buffer,
                kafka.maxDeadLetterBytes(),
                options.deadLetterTopic());
        long batch = number(ProducerConfig.BATCH_SIZE_CONFIG, DEFAULT_BATCH_BYTES);
        check(
                batch <= buffer,
                "batch.size %d is more than buffer.memory %d; lower the one or raise the other",
                batch,
                buffer);
        check(
                kafka.maxDeadLetterBytes() >= DeadLetterSink.LEAST_MESSAGE_BYTES,
                "%s",
                DeadLetterSink.tooSmall(options.deadLetterTopic(), kafka.maxDeadLetterBytes()));
    }

    /** Kafka's client judges what is left: a producer that is closed before it sends anything. */
    private void checkByKafka() throws Unusable {
        String acks = producer.getProperty(ProducerConfig.ACKS_CONFIG, "all");
        check(
                acks.equals("all") || acks.equals("-1"),
                "the Kafka property acks '%s' can't go with transactions of an idempotent producer;"
                        + " leave it out, or give all",
                acks);
        Properties transactional = new Properties();
        transactional.putAll(producer);
        transactional.put(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalIdPrefix() + "check");
        try {
            new KafkaProducer<>(transactional, new ByteArraySerializer(), new ByteArraySerializer())
                    .close(Duration.ZERO);
        } catch (KafkaException e) {
            Throwable deepest = e;
            while (deepest.getCause() != null) {
                deepest = deepest.getCause();
            }
            throw new Unusable(
                    "the Kafka client refuses its properties: "
                            + deepest.getMessage().replaceAll("\\.$", "")
                            + "; change them in --kafka-config or --kafka-property");
        }
    }

    private long number(String name, long otherwise) throws Unusable {
        String given = producer.getProperty(name);
        if (given == null) {
            return otherwise;
        }
        check(
                given.trim().matches("\\d{1,18}"),
                "the Kafka property %s '%s' is no number; give milliseconds or bytes as digits",
                name,
                given);
        return Long.parseLong(given.trim());
    }

    private static String shown(Duration duration) {
        return TimeUtils.formatWithHighestUnit(duration);
    }

    private static void check(boolean condition, String message, Object... details)
            throws Unusable {
        if (!condition) {
            throw new Unusable(String.format(Locale.ROOT, message, details));
        }
    }
}
