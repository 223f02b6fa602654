package io.quotelake.job;

import io.quotelake.job.lake.LakeSink;
import io.quotelake.job.lake.PartFileRolling;
import io.quotelake.job.quote.ParseQuotes;
import io.quotelake.job.source.PausableSource;
import io.quotelake.job.source.SourceRecord;
import io.quotelake.job.source.SourceRecordDeserializer;
import io.quotelake.s3.PartFileMemory;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ParameterTool;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
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
            KafkaCheck kafka = KafkaCheck.run(options);
            configure(environment, options);
            StockMarketPipeline.define(
                    environment
                            .fromSource(
                                    pausable(source(options)),
                                    WatermarkStrategy.noWatermarks(),
                                    StockMarketPipeline.SOURCE_NAME)
                            .uid(StockMarketPipeline.SOURCE_UID),
                    parser(options),
                    lake(options, checkpointInterval(environment)),
                    DeadLetterSettings.sink(
                            options,
                            kafka,
                            environment.getCheckpointConfig(),
                            environment.getConfiguration()));
            environment.execute("Quotelake: " + options.topic() + " to " + options.output());
        } catch (ParameterException | KafkaCheck.Unusable | WrongUse e) {
            refuse(environment, e.getMessage());
        }
    }

    private static void refuse(StreamExecutionEnvironment environment, String message) {
        String line = message + " (--help shows all options)";
        boolean insideCluster =
                "embedded".equals(environment.getConfiguration().get(DeploymentOptions.TARGET));
        if (insideCluster) {
            throw new IllegalArgumentException(line);
        }
        System.err.println("quotelake-flink-job: " + line);
        System.exit(EXIT_WRONG_USE);
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

    static KafkaSource<SourceRecord> source(JobOptions options) {
        KafkaSourceBuilder<SourceRecord> source =
                KafkaSource.<SourceRecord>builder()
                        .setProperties(options.kafkaProperties())
                        .setBootstrapServers(options.bootstrapServers())
                        .setTopics(options.topic())
                        .setGroupId(options.groupId())
                        .setStartingOffsets(startingOffsets(options.startFrom()))
                        .setDeserializer(new SourceRecordDeserializer())
                        .setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        if (options.stopsAtLatest()) {
            source.setBounded(OffsetsInitializer.latest());
        }
        return source.build();
    }

    /** What the lake can't take before the next checkpoint is left in Kafka. */
    private static Source<SourceRecord, ?, ?> pausable(KafkaSource<SourceRecord> source) {
        return new PausableSource<>(source, source.getProducedType(), PartFileMemory::whyScarce);
    }

    private static OffsetsInitializer startingOffsets(JobOptions.Start start) {
        if (start.time() != null) {
            return OffsetsInitializer.timestamp(start.time().toEpochMilli());
        }
        return switch (start.position()) {
            case EARLIEST -> OffsetsInitializer.earliest();
            case LATEST -> OffsetsInitializer.latest();
            case COMMITTED -> OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST);
        };
    }

    static ParseQuotes parser(JobOptions options) {
        return new ParseQuotes(
                options.dateGranularity(),
                options.hasLineage(),
                options.maxRecordSize().getBytes());
    }

    static LakeSink lake(JobOptions options, Duration checkpointInterval) {
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
                new Path(options.output()),
                rolling,
                options.compression(),
                options.commitConcurrency(),
                options.s3());
    }
}
