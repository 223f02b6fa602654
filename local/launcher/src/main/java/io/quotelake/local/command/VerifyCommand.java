package io.quotelake.local.command;

import io.quotelake.flink.FlinkRest;
import io.quotelake.local.stack.RunningStack;
import io.quotelake.local.stack.Settings;
import io.quotelake.local.stack.Workspace;
import io.quotelake.terminal.Failure;
import io.quotelake.terminal.HelpOption;
import io.quotelake.verifier.table.Lake;
import io.quotelake.verifier.table.Lakes;
import io.quotelake.verifier.verify.Granularity;
import io.quotelake.verifier.verify.JobProgress;
import io.quotelake.verifier.verify.Progress;
import io.quotelake.verifier.verify.Report;
import io.quotelake.verifier.verify.Until;
import io.quotelake.verifier.verify.Verification;
import io.quotelake.verifier.verify.Verifier;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Compares topic, lake and dead letters. */
@Command(
        name = "verify",
        description = {
            "Compare the topic with the lake and the dead letters, and name every row that is missing, doubled, altered"
                    + " or misplaced, and every object that should not be there.",
            "",
            "Give the options that the job was given. Without any, the stack that runs here is verified. Needs some"
                    + " 100 MB of memory, whatever the lake's size, and about a fifth of its uncompressed bytes in the"
                    + " directory for temporary files (java.io.tmpdir).",
            ""
        },
        footer = {
            "",
            "Exit code: 0 all is well, 1 something is wrong or can't be read, 2 wrong use, 3 nothing is wrong, but records",
            "wait to be published."
        },
        sortOptions = false)
public final class VerifyCommand implements Callable<Integer> {
    /** The exit code when nothing is wrong, and something is on its way. */
    private static final int ONLY_WAITING = 3;

    @Mixin private HelpOption help;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description =
                    "Kafka brokers. Default: $KAFKA_BOOTSTRAP_SERVERS, or the stack that runs here")
    private String bootstrapServers;

    @Option(
            names = "--topic",
            paramLabel = "NAME",
            description = "Topic of the quotes. Default: $KAFKA_TOPIC, or stock_market")
    private String topic;

    @Option(
            names = "--kafka-property",
            paramLabel = "KEY=VALUE",
            description = "A setting of the Kafka client; may be repeated.")
    private Map<String, String> kafkaProperties = new HashMap<>();

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "Settings of the Kafka client as a properties file (SASL, TLS).")
    private Path kafkaConfig;

    @Option(
            names = "--output",
            paramLabel = "URI",
            description =
                    "The table's prefix, s3://… or file:///…. Default: s3://$AWS_S3_BUCKET/TOPIC")
    private String output;

    @Option(
            names = "--s3-endpoint",
            paramLabel = "URI",
            description =
                    "An S3 endpoint of another kind than AWS, reached with path-style addresses. Default:"
                            + " $AWS_ENDPOINT_URL_S3, or AWS. Credentials come from the AWS chain (environment, profile, instance).")
    private URI s3Endpoint;

    @Option(
            names = "--dead-letter-topic",
            paramLabel = "NAME",
            description = "Topic of the dead letters. Default: TOPIC.dead-letters")
    private String deadLetterTopic;

    @Option(
            names = "--date-granularity",
            paramLabel = "UNIT",
            description = "${COMPLETION-CANDIDATES}. Default: the one that most objects have")
    private Granularity granularity;

    @Option(
            names = "--start-from",
            paramLabel = "INSTANT",
            converter = StartConverter.class,
            description =
                    "Judge records from this time on (ISO, such as 2026-01-05T09:30:00Z), or earliest, the default.")
    private Instant startFrom;

    @Option(
            names = "--until",
            paramLabel = "WHERE",
            defaultValue = "latest",
            converter = UntilConverter.class,
            description =
                    "Judge records before this: an offset for each partition (0:1200,1:900), a time, what a job has read by the"
                            + " offsets of its group (group:ID; for a bounded job that has finished), or latest, the default.")
    private Until until;

    @Option(
            names = "--flink",
            paramLabel = "URL",
            description =
                    "Web address of the Flink cluster whose job writes the table: what that has not published yet is waiting,"
                            + " not missing. Default: the stack that runs here, if its job does")
    private URI flink;

    @Option(
            names = "--max-record-size",
            paramLabel = "SIZE",
            defaultValue = "1mb",
            converter = SizeConverter.class,
            description = "Larger records are dead letters. Default: ${DEFAULT-VALUE}")
    private long maxRecordBytes;

    @Option(
            names = "--max-findings",
            paramLabel = "N",
            description =
                    "How many findings are printed; all are counted. Default: ${DEFAULT-VALUE}")
    private int maxFindings = 100;

    @Override
    public Integer call() throws Exception {
        Workspace workspace = Workspace.current();
        Settings settings = workspace.settings();
        Optional<RunningStack> stack = Optional.empty();
        if (bootstrapServers == null) {
            bootstrapServers = settings.brokers().orElse(null);
        }
        if (bootstrapServers == null) {
            stack = Optional.of(RunningStack.require(workspace.state()));
            bootstrapServers = stack.get().bootstrapServers();
        }
        String source = Optional.ofNullable(topic).orElse(settings.topic());
        String table =
                Optional.ofNullable(output).orElse("s3://" + settings.bucket() + "/" + source);
        Verification verification =
                new Verification(
                        kafka(),
                        source,
                        Optional.ofNullable(deadLetterTopic).orElse(StackMixin.deadLetters(source)),
                        startFrom,
                        until,
                        progress(stack, table, source),
                        granularity,
                        maxRecordBytes,
                        maxFindings);
        try (Lake lake = lake(table, stack)) {
            Report report = new Verifier(verification, lake).verify();
            workspace.console().lines(report.lines());
            if (stack.isPresent()) {
                report.save(workspace.state().verified());
            }
            if (report.isOnlyWaiting()) {
                return ONLY_WAITING;
            }
            return report.isClean() ? 0 : 1;
        }
    }

    /** To be asked before the lake is read: what is published by then is in it. */
    private Optional<Progress> progress(Optional<RunningStack> stack, String table, String source)
            throws InterruptedException {
        Optional<FlinkRest> rest =
                flink == null ? stack.map(RunningStack::rest) : Optional.of(new FlinkRest(flink));
        if (rest.isEmpty()) {
            return Optional.empty();
        }
        try {
            return new JobProgress(rest.get()).of(table, source);
        } catch (IOException | IllegalArgumentException e) {
            if (flink == null) {
                return Optional.empty(); // The JobManager is away: nothing is known of its jobs.
            }
            throw Failure.ofUse(
                    "--flink: no JobManager answers at %s: name its web address, such as http://127.0.0.1:8081."
                            .formatted(flink));
        }
    }

    /**
     * The objects of the stack that runs here are files below its state directory: a walk is
     * quicker than requests.
     */
    private Lake lake(String table, Optional<RunningStack> stack) {
        if (stack.isPresent() && s3Endpoint == null && table.startsWith("s3://")) {
            Path directory = stack.get().state().s3().resolve(table.substring("s3://".length()));
            return Lakes.at(directory.toUri().toString(), null);
        }
        return Lakes.at(table, s3Endpoint == null ? endpointOfEnvironment() : s3Endpoint);
    }

    private static URI endpointOfEnvironment() {
        String uri =
                System.getenv()
                        .getOrDefault(
                                "AWS_ENDPOINT_URL_S3", System.getenv().get("AWS_ENDPOINT_URL"));
        return uri == null ? null : URI.create(uri);
    }

    private Map<String, Object> kafka() {
        Map<String, Object> properties = new HashMap<>();
        if (kafkaConfig != null) {
            Properties file = new Properties();
            try (Reader reader = Files.newBufferedReader(kafkaConfig)) {
                file.load(reader);
            } catch (IOException e) {
                throw Failure.ofUse("--kafka-config: %s can't be read".formatted(kafkaConfig));
            }
            file.forEach((key, value) -> properties.put(key.toString(), value));
        }
        properties.putAll(kafkaProperties);
        properties.put("bootstrap.servers", bootstrapServers);
        return properties;
    }

    /** Reads where judging ends. */
    static final class UntilConverter implements ITypeConverter<Until> {
        @Override
        public Until convert(String value) {
            try {
                return Until.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** Reads an instant; null for all that the topic has. */
    static final class StartConverter implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String value) {
            if (value.equals("earliest")) {
                return null;
            }
            try {
                return Instant.parse(value);
            } catch (DateTimeException e) {
                throw new TypeConversionException(
                        "'%s' is neither 'earliest' nor an instant such as 2026-01-05T09:30:00Z"
                                .formatted(value));
            }
        }
    }

    /** Reads sizes as the job does: {@code 1048576}, {@code 1024kb}, {@code 1mb}. */
    static final class SizeConverter implements ITypeConverter<Long> {
        private static final Pattern SIZE = Pattern.compile("(\\d{1,10}) ?(|b|kb?|mb?|gb?)");

        @Override
        public Long convert(String value) {
            Matcher size = SIZE.matcher(value.toLowerCase(Locale.ROOT));
            if (!size.matches()) {
                throw new TypeConversionException(
                        "'%s' is not a size such as 1mb".formatted(value));
            }
            int shift =
                    switch (size.group(2)) {
                        case "k", "kb" -> 10;
                        case "m", "mb" -> 20;
                        case "g", "gb" -> 30;
                        default -> 0;
                    };
            return Long.parseLong(size.group(1)) << shift;
        }
    }
}
