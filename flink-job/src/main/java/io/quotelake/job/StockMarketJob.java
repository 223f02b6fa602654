package io.quotelake.job;

import io.quotelake.job.lake.LakeSink;
import io.quotelake.job.lake.PartFileRolling;
import io.quotelake.job.owner.Run;
import io.quotelake.job.owner.SharedOwner;
import io.quotelake.job.pause.MemoryPressure;
import io.quotelake.job.pause.PausableSource;
import io.quotelake.job.quote.ParseQuotes;
import io.quotelake.job.source.ResumeCheck;
import io.quotelake.job.source.SourceRecord;
import io.quotelake.job.source.StartingOffsets;
import io.quotelake.job.source.TopicIdentity;
import io.quotelake.job.source.TopicSource;
import io.quotelake.job.task.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.ParameterTool;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ParameterException;

/**
 * The program that {@code flink run} submits: reads its options, asks the Kafka cluster what it
 * must know, and wires source, pipeline and sinks.
 *
 * <p>Exit codes: 0 submitted, 1 failed at run time, 2 wrong use. Where the program runs inside the
 * cluster (application mode) nothing may end the process: there the same line is an exception.
 */
public final class StockMarketJob {

    private static final Logger LOG = LoggerFactory.getLogger(StockMarketJob.class);

    private static final int EXIT_WRONG_USE = 2;

    /** The most slots that the job can ever be rescaled to; part of its state. */
    private static final int MAX_PARALLELISM = 128;

    private StockMarketJob() {}

    /** Submits the job. */
    public static void main(String[] arguments) throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment();
        try {
            JobOptions options =
                    JobOptions.parse(System::getenv, JobArguments.of(arguments, System::getenv));
            if (options.isHelp()) {
                System.out.print(JobOptions.usage());
                return;
            }
            define(environment, options);
            environment.execute("Quotelake: " + options.topic() + " to " + options.output());
        } catch (ParameterException | KafkaCheck.Unusable | WrongUse e) {
            refuse(environment, e.getMessage() + " (--help shows all options)");
        } catch (Exception e) {
            Optional<Refusal> refusal =
                    ExceptionUtils.findSerializedThrowable(
                            e, Refusal.class, StockMarketJob.class.getClassLoader());
            if (refusal.isEmpty()) {
                throw e;
            }
            refuse(environment, refusal.get().getMessage());
        }
    }

    /** Asks the Kafka cluster, and wires the job. */
    static void define(StreamExecutionEnvironment environment, JobOptions options)
            throws KafkaCheck.Unusable, WrongUse, InterruptedException {
        KafkaCheck kafka = KafkaCheck.run(options);
        configure(environment, options);
        TopicSource source = source(options, kafka.topic());
        String state = environment.getConfiguration().get(StateRecoveryOptions.SAVEPOINT_PATH);
        // Inside a cluster this may be a start after a failure, from a newer state.
        if (!isInsideCluster(environment)) {
            if (state == null) {
                checkTable(options);
            } else {
                ResumeCheck.run(state, StockMarketPipeline.SOURCE_UID, source);
            }
        }
        define(environment, options, kafka, pausable(source));
    }

    static void define(
            StreamExecutionEnvironment environment,
            JobOptions options,
            KafkaCheck kafka,
            Source<SourceRecord, ?, ?> source)
            throws KafkaCheck.Unusable {
        Run run = run(options, kafka.topic().id());
        StockMarketPipeline.define(
                environment
                        .fromSource(
                                source,
                                WatermarkStrategy.noWatermarks(),
                                StockMarketPipeline.SOURCE_NAME)
                        .uid(StockMarketPipeline.SOURCE_UID),
                parser(options),
                lake(options, run, checkpointInterval(environment)),
                DeadLetterSettings.sink(
                        options,
                        kafka,
                        run,
                        environment.getCheckpointConfig(),
                        environment.getConfiguration()));
    }

    private static void refuse(StreamExecutionEnvironment environment, String line) {
        if (isInsideCluster(environment)) {
            throw new IllegalArgumentException(line);
        }
        System.err.println("quotelake-flink-job: " + line);
        System.exit(EXIT_WRONG_USE);
    }

    private static boolean isInsideCluster(StreamExecutionEnvironment environment) {
        return "embedded".equals(environment.getConfiguration().get(DeploymentOptions.TARGET));
    }

    /**
     * Sets what belongs to the program, and nothing that Amazon's managed service keeps for itself:
     * the rest is the cluster's configuration.
     */
    static void configure(StreamExecutionEnvironment environment, JobOptions options)
            throws WrongUse {
        if (!environment.getCheckpointConfig().isCheckpointingEnabled()) {
            throw new WrongUse(
                    "checkpoints are off, and without them no file is ever published; set"
                            + " execution.checkpointing.interval in Flink's configuration, or say"
                            + " flink run -Dexecution.checkpointing.interval=10s");
        }
        environment.setMaxParallelism(MAX_PARALLELISM);
        Configuration serialisation = new Configuration();
        // No operator keeps or changes what it hands on; without this each row is copied.
        serialisation.set(PipelineOptions.OBJECT_REUSE, true);
        serialisation.set(PipelineOptions.GENERIC_TYPES, false);
        environment.configure(serialisation);
        environment.getConfig().setGlobalJobParameters(ParameterTool.fromMap(options.describe()));
    }

    private static Duration checkpointInterval(StreamExecutionEnvironment environment) {
        return Duration.ofMillis(environment.getCheckpointInterval());
    }

    static TopicSource source(JobOptions options, TopicIdentity topic) {
        Properties properties = options.kafkaProperties();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, options.bootstrapServers());
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, options.groupId());
        return new TopicSource(
                topic,
                startingOffsets(options.startFrom()),
                options.stopsAtLatest(),
                options.onDataLoss(),
                properties);
    }

    /** What the lake can't take before the next checkpoint is left in Kafka. */
    static Source<SourceRecord, ?, ?> pausable(TopicSource source) {
        return new PausableSource<>(source, source.getProducedType(), new MemoryPressure());
    }

    private static StartingOffsets startingOffsets(JobOptions.Start start) {
        if (start.time() != null) {
            return StartingOffsets.timestamp(start.time().toEpochMilli());
        }
        return switch (start.position()) {
            case EARLIEST -> StartingOffsets.earliest();
            case LATEST -> StartingOffsets.latest();
            case COMMITTED -> StartingOffsets.committed();
        };
    }

    static ParseQuotes parser(JobOptions options) {
        return new ParseQuotes(
                options.dateGranularity(),
                options.hasLineage(),
                options.maxRecordSize().getBytes());
    }

    /**
     * @param topicId Kafka's id of the topic; null where the broker gives none
     */
    static Run run(JobOptions options, String topicId) {
        return Run.of(
                options.output(),
                options.dateGranularity(),
                options.topic(),
                topicId,
                options.appends());
    }

    /**
     * What the tasks would refuse, said by the client where it can look: a start without a state on
     * a table that was written.
     */
    private static void checkTable(JobOptions options) {
        try (SharedOwner table = SharedOwner.open(run(options, null), "", options.s3())) {
            table.owner().look();
        } catch (Refusal e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            LOG.info("The table is looked at by the job, as it can't be here: {}", e.toString());
        }
    }

    static LakeSink lake(JobOptions options, Run run, Duration checkpointInterval) {
        PartFileRolling rolling =
                new PartFileRolling(
                        options.rollSize(),
                        options.rollInterval(),
                        options.rollInactivity(),
                        checkpointInterval);
        if (rolling.isOnEveryCheckpoint()) {
            LOG.info("Every file ends with every checkpoint, each {}.", checkpointInterval);
        }
        return new LakeSink(
                run, rolling, options.compression(), options.commitConcurrency(), options.s3());
    }
}
