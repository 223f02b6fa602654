package io.quotelake.job;

import io.quotelake.job.lake.Compression;
import io.quotelake.job.quote.DateGranularity;
import io.quotelake.job.source.OnDataLoss;
import io.quotelake.s3.S3Options;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.util.TimeUtils;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * What the job is asked to do: parsed, validated, and not changed any more. {@link #parse} is the
 * only way to one.
 */
@Command(
        name = "quotelake-flink-job",
        sortOptions = false,
        usageHelpWidth = 110,
        header = "Stock-index quotes from Kafka into partitioned JSON Lines on S3, exactly once.%n",
        synopsisHeading = "Usage: flink run [FLINK-OPTIONS] quotelake-flink-job.jar [OPTIONS]%n%n",
        customSynopsis = "",
        footerHeading = "%n",
        footer = {
            "Durations: 500ms, 30s, 5min, 1h, 1d. Sizes: 64kb, 128mb, 1gb (multiples of 1024).",
            "Files are published by the checkpoint that follows their end. A run that goes on from a"
                    + " checkpoint or",
            "savepoint (flink run -s) goes on exactly; --start-from and --stop-at count only without one."
        })
public final class JobOptions {

    private static final String DEFAULT_TOPIC = "stock_market";

    /** Kafka's own rule for names, org.apache.kafka.common.internals.Topic. */
    private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

    private static final Pattern BOOTSTRAP_SERVERS =
            Pattern.compile("[^\\s,:]+:\\d{1,5}|\\[[0-9a-fA-F:]+]:\\d{1,5}");

    /** What the job decides by itself: another value would break exactly-once, or be ignored. */
    private static final Set<String> OWN_KAFKA_PROPERTIES =
            Set.of(
                    "auto.offset.reset",
                    "bootstrap.servers",
                    "enable.auto.commit",
                    "enable.idempotence",
                    "group.id",
                    "isolation.level",
                    "key.deserializer",
                    "key.serializer",
                    "transactional.id",
                    "value.deserializer",
                    "value.serializer");

    private static final Pattern SECRET =
            Pattern.compile("password|secret|token|jaas|credential|ssl\\..*\\.key$|ssl\\.key");

    private static final int MAX_COMMIT_CONCURRENCY = 256;

    /** 10,000 parts of 5 MiB are 48 GiB; each resumption of a file leaves some numbers out. */
    private static final MemorySize MAX_ROLL_SIZE = MemorySize.ofMebiBytes(32 * 1024);

    @Option(
            names = {"--bootstrap-servers", "--brokers"},
            paramLabel = "HOST:PORT[,...]",
            description = "Kafka brokers to begin with. Default: $KAFKA_BOOTSTRAP_SERVERS.")
    private String bootstrapServers;

    @Option(
            names = "--topic",
            paramLabel = "NAME",
            description =
                    "Topic to read, one a job and table. Default: $KAFKA_TOPIC, else "
                            + DEFAULT_TOPIC
                            + ".")
    private String topic;

    @Option(
            names = "--group-id",
            paramLabel = "ID",
            description =
                    "Consumer group whose offsets show the progress. Default:"
                            + " quotelake-<topic>/<bucket>/<prefix>.")
    private String groupId;

    @Option(
            names = "--start-from",
            paramLabel = "WHERE",
            defaultValue = "earliest",
            converter = OptionConverters.StartConverter.class,
            description =
                    "Where a run without checkpoint begins: earliest, latest, committed (the group's"
                            + " offsets, else earliest; rows whose files were still open then are"
                            + " skipped), or a time such as 2026-01-05T09:30:00Z. Default: earliest.")
    private Start startFrom;

    @Option(
            names = "--stop-at",
            paramLabel = "latest",
            converter = OptionConverters.StopConverter.class,
            description =
                    "latest: end, with everything published, where the topic ended at the start."
                            + " Default: never.")
    private Stop stopAt;

    @Option(
            names = "--on-data-loss",
            paramLabel = "fail|skip",
            defaultValue = "fail",
            description =
                    "When records were deleted before they were read: fail ends the job and says"
                            + " which; skip logs and counts them, and goes on at the first one left."
                            + " Default: fail.")
    private OnDataLoss onDataLoss;

    @Option(
            names = "--kafka-property",
            paramLabel = "NAME=VALUE",
            description = "A property of the Kafka clients; may be given several times.")
    private Map<String, String> kafkaProperty = new LinkedHashMap<>();

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "A file of Kafka client properties, as Kafka's own tools take it.")
    private Path kafkaConfig;

    @Option(
            names = "--output",
            paramLabel = "URI",
            description =
                    "The table's prefix on any Flink file system. Default:"
                            + " s3://$AWS_S3_BUCKET/<topic>.")
    private String output;

    @Option(
            names = "--s3-writer",
            paramLabel = "quotelake|flink",
            defaultValue = "quotelake",
            description =
                    "What writes to s3:// and s3a://: the job itself, with one request a small file, or"
                            + " Flink's file system plugin, as for every other scheme. Default:"
                            + " quotelake.")
    private S3Writer s3Writer;

    @Option(
            names = "--s3-endpoint",
            paramLabel = "URI",
            description =
                    "S3 endpoint of the job's own writer. Default: s3.endpoint of Flink's"
                            + " configuration, else AWS.")
    private String s3Endpoint;

    @Option(
            names = "--s3-region",
            paramLabel = "REGION",
            description =
                    "Region of the bucket. Default: s3.endpoint.region of Flink's configuration, else"
                            + " AWS's default chain.")
    private String s3Region;

    @Option(
            names = "--s3-path-style",
            arity = "0..1",
            paramLabel = "true|false",
            fallbackValue = "true",
            description =
                    "Name the bucket in the path of requests, not in their host. Default:"
                            + " s3.path.style.access of Flink's configuration, else false.")
    private Boolean s3PathStyle;

    @Option(
            names = "--append",
            description =
                    "Begin without a state on a table that others have written, or write: a further"
                            + " topic or range of one. Rows of several topics share partition and"
                            + " offset there, so that verify and queries can't tell them apart.")
    private boolean append;

    @Option(
            names = "--date-granularity",
            paramLabel = "day|month|year",
            defaultValue = "day",
            description = "What one date= folder holds. Default: day.")
    private DateGranularity dateGranularity;

    @Option(
            names = "--roll-size",
            paramLabel = "SIZE",
            defaultValue = "128mb",
            converter = OptionConverters.SizeConverter.class,
            description = "A file ends when it has this size. Default: 128mb.")
    private MemorySize rollSize;

    @Option(
            names = "--roll-interval",
            paramLabel = "DURATION",
            defaultValue = "5min",
            converter = OptionConverters.DurationConverter.class,
            description =
                    "A file ends at this age; if that is no longer than the checkpoint interval,"
                            + " with every checkpoint. Default: 5min.")
    private Duration rollInterval;

    @Option(
            names = "--roll-inactivity",
            paramLabel = "DURATION",
            defaultValue = "1min",
            converter = OptionConverters.DurationConverter.class,
            description = "A file ends after this time without a new row. Default: 1min.")
    private Duration rollInactivity;

    @Option(
            names = "--compression",
            paramLabel = "none|gzip|zstd",
            defaultValue = "none",
            description =
                    "Files become .json, .json.gz or .json.zst; they roll alike. Default: none.")
    private Compression compression;

    @Option(
            names = "--no-lineage",
            description =
                    "Leave out the columns kafka_partition, kafka_offset and kafka_timestamp.")
    private boolean noLineage;

    @Option(
            names = "--dead-letter-topic",
            paramLabel = "NAME",
            description =
                    "Where records go that are not quotes, with the reason in headers; it is created"
                            + " if it doesn't exist. Default: <topic>.dead-letters.")
    private String deadLetterTopic;

    @Option(
            names = "--max-record-size",
            paramLabel = "SIZE",
            defaultValue = "1mb",
            converter = OptionConverters.SizeConverter.class,
            description = "Larger values are dead letters, unread. Default: 1mb.")
    private MemorySize maxRecordSize;

    @Option(
            names = "--commit-concurrency",
            paramLabel = "N",
            defaultValue = "16",
            description = "How many files each task publishes at a time, 1 to 256. Default: 16.")
    private int commitConcurrency;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    private boolean help;

    private Properties kafkaProperties;

    private JobOptions() {}

    /**
     * Parses and validates.
     *
     * @param environment what the program finds in its environment, by name; null if not set
     * @throws ParameterException with one line that says what was given, what is accepted, and how
     *     to mend it
     */
    public static JobOptions parse(Function<String, String> environment, String... arguments) {
        JobOptions options = new JobOptions();
        CommandLine commandLine = commandLine(options);
        commandLine.parseArgs(arguments);
        if (!options.help) {
            options.complete(commandLine, environment);
        }
        return options;
    }

    private static CommandLine commandLine(JobOptions options) {
        return new CommandLine(options)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUnmatchedOptionsArePositionalParams(false);
    }

    /** Whether an option of this name takes no value. */
    static boolean isFlag(String name) {
        OptionSpec option = commandLine(new JobOptions()).getCommandSpec().findOption(name);
        return option != null && option.arity().max() == 0;
    }

    /** The text of {@code --help}. */
    static String usage() {
        return commandLine(new JobOptions()).getUsageMessage();
    }

    private void complete(CommandLine commandLine, Function<String, String> environment) {
        try {
            topic = firstOf(topic, environment.apply("KAFKA_TOPIC"), DEFAULT_TOPIC);
            checkTopic("--topic", topic);
            deadLetterTopic = firstOf(deadLetterTopic, topic + ".dead-letters");
            checkTopic("--dead-letter-topic", deadLetterTopic);
            check(
                    !deadLetterTopic.equals(topic),
                    "--dead-letter-topic '%s' is the topic itself; dead letters need another one",
                    topic);
            output = completeOutput(environment);
            groupId = firstOf(groupId, "quotelake-" + topic + "/" + table());
            checkS3Options();
            checkPositive("--roll-size", rollSize.getBytes());
            check(
                    rollSize.getBytes() <= MAX_ROLL_SIZE.getBytes(),
                    "--roll-size '%s' is more than %s; an object on S3 has at most 10,000 parts",
                    rollSize,
                    MAX_ROLL_SIZE);
            checkPositive("--roll-interval", rollInterval.toMillis());
            checkPositive("--roll-inactivity", rollInactivity.toMillis());
            checkPositive("--max-record-size", maxRecordSize.getBytes());
            check(
                    commitConcurrency >= 1 && commitConcurrency <= MAX_COMMIT_CONCURRENCY,
                    "--commit-concurrency '%d' is not from 1 to %d",
                    commitConcurrency,
                    MAX_COMMIT_CONCURRENCY);
            kafkaProperties = readKafkaProperties();
            bootstrapServers =
                    required(
                            bootstrapServers,
                            environment,
                            "KAFKA_BOOTSTRAP_SERVERS",
                            "no Kafka brokers given; name them with --bootstrap-servers HOST:PORT or"
                                    + " in the environment as KAFKA_BOOTSTRAP_SERVERS");
            checkBootstrapServers();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(commandLine, e.getMessage());
        }
    }

    private void checkBootstrapServers() {
        for (String server : bootstrapServers.split(",", -1)) {
            check(
                    BOOTSTRAP_SERVERS.matcher(server.trim()).matches(),
                    "--bootstrap-servers '%s' is not HOST:PORT[,HOST:PORT...]",
                    bootstrapServers);
        }
    }

    private static void checkTopic(String option, String topic) {
        check(
                TOPIC.matcher(topic).matches(),
                "%s '%s' is no Kafka topic's name; accepted are 1 to 249 of the characters A-Z a-z"
                        + " 0-9 . _ -",
                option,
                topic);
    }

    private static void checkPositive(String option, long value) {
        check(value > 0, "%s must be more than 0", option);
    }

    private String completeOutput(Function<String, String> environment) {
        String bucket = firstOf(environment.apply("AWS_S3_BUCKET"));
        String given = firstOf(output, bucket == null ? null : "s3://" + bucket + "/" + topic);
        check(
                given != null,
                "no place for the table given; name it with --output s3://BUCKET/PREFIX or the"
                        + " bucket in the environment as AWS_S3_BUCKET");
        URI uri;
        try {
            uri = URI.create(given);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "--output '" + given + "' is no URI such as s3://BUCKET/PREFIX");
        }
        check(
                uri.getScheme() != null,
                "--output '%s' has no scheme; accepted are URIs such as s3://BUCKET/PREFIX or"
                        + " file:///DIRECTORY",
                given);
        boolean hasPrefix = uri.getPath() != null && uri.getPath().replace("/", "").length() > 0;
        check(
                hasPrefix,
                "--output '%s' names no prefix; a table needs one of its own, such as"
                        + " s3://BUCKET/stock_market",
                given);
        return given.replaceAll("/+$", "");
    }

    private void checkS3Options() {
        boolean given = s3Endpoint != null || s3Region != null || s3PathStyle != null;
        check(
                !given || s3Writer == S3Writer.QUOTELAKE,
                "--s3-endpoint, --s3-region and --s3-path-style are for the job's own writer; with"
                        + " --s3-writer flink set s3.endpoint, s3.endpoint.region and"
                        + " s3.path.style.access in Flink's configuration");
        if (s3Endpoint != null) {
            check(
                    s3Endpoint.matches("https?://[^/?#\\s]+/?"),
                    "--s3-endpoint '%s' is no URI such as https://HOST or http://127.0.0.1:9000",
                    s3Endpoint);
        }
        if (s3Region != null) {
            check(
                    s3Region.matches("[a-z0-9-]{2,64}"),
                    "--s3-region '%s' is no region such as eu-central-1",
                    s3Region);
        }
    }

    private Properties readKafkaProperties() {
        Properties properties = new Properties();
        if (kafkaConfig != null) {
            try (Reader reader = Files.newBufferedReader(kafkaConfig, StandardCharsets.UTF_8)) {
                properties.load(reader);
            } catch (NoSuchFileException e) {
                throw new IllegalArgumentException(
                        "--kafka-config '" + kafkaConfig + "' doesn't exist");
            } catch (IOException | IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "--kafka-config '" + kafkaConfig + "' can't be read: " + e.getMessage());
            }
        }
        properties.putAll(kafkaProperty);
        for (String name : properties.stringPropertyNames()) {
            check(
                    !OWN_KAFKA_PROPERTIES.contains(name),
                    "the Kafka property '%s' is set by the job; leave it out",
                    name);
        }
        return properties;
    }

    private static String required(
            String given, Function<String, String> environment, String name, String message) {
        String value = firstOf(given, environment.apply(name));
        check(value != null, message);
        return value;
    }

    private static String firstOf(String... candidates) {
        for (String candidate : candidates) {
            if (candidate != null && !candidate.isBlank()) {
                return candidate.trim();
            }
        }
        return null;
    }

    private static void check(boolean condition, String message, Object... details) {
        if (!condition) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, message, details));
        }
    }

    /** Whether only the help was asked for; nothing else is then set. */
    public boolean isHelp() {
        return help;
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    public String topic() {
        return topic;
    }

    public String groupId() {
        return groupId;
    }

    /** Where a run without checkpoint begins. */
    public Start startFrom() {
        return startFrom;
    }

    /** Whether the job ends where the topic ended at its start. */
    public boolean stopsAtLatest() {
        return stopAt != null;
    }

    /** What to do when records were deleted before they were read. */
    public OnDataLoss onDataLoss() {
        return onDataLoss;
    }

    /** What users set for the Kafka clients, file and single properties together. */
    public Properties kafkaProperties() {
        Properties copy = new Properties();
        copy.putAll(kafkaProperties);
        return copy;
    }

    /** The table's prefix, a URI without a slash at its end. */
    public String output() {
        return output;
    }

    /** How the job's own writer reaches S3; null if Flink's file system is to write there. */
    public S3Options s3() {
        return s3Writer == S3Writer.FLINK ? null : new S3Options(s3Endpoint, s3Region, s3PathStyle);
    }

    /** The table's name: its bucket and prefix, the same under each scheme. */
    String table() {
        return output.replaceFirst("^[^:]+:/*", "");
    }

    /** Whether a run without checkpoint may write into a table that was written already. */
    public boolean appends() {
        return append;
    }

    public DateGranularity dateGranularity() {
        return dateGranularity;
    }

    public MemorySize rollSize() {
        return rollSize;
    }

    public Duration rollInterval() {
        return rollInterval;
    }

    public Duration rollInactivity() {
        return rollInactivity;
    }

    public Compression compression() {
        return compression;
    }

    /** Whether rows carry partition, offset and timestamp of their record. */
    public boolean hasLineage() {
        return !noLineage;
    }

    public String deadLetterTopic() {
        return deadLetterTopic;
    }

    public MemorySize maxRecordSize() {
        return maxRecordSize;
    }

    public int commitConcurrency() {
        return commitConcurrency;
    }

    /** Everything by option name, as the web UI shows it; secrets are masked. */
    public Map<String, String> describe() {
        Map<String, String> shown = new LinkedHashMap<>();
        shown.put("bootstrap-servers", bootstrapServers);
        shown.put("topic", topic);
        shown.put("group-id", groupId);
        shown.put("start-from", startFrom.toString());
        shown.put("stop-at", stopAt == null ? "never" : "latest");
        shown.put("on-data-loss", lowerCase(onDataLoss));
        shown.put("output", output);
        shown.put("s3-writer", lowerCase(s3Writer));
        putGiven(shown, "s3-endpoint", s3Endpoint);
        putGiven(shown, "s3-region", s3Region);
        putGiven(shown, "s3-path-style", s3PathStyle);
        shown.put("append", Boolean.toString(append));
        shown.put("date-granularity", lowerCase(dateGranularity));
        shown.put("roll-size", rollSize.toString());
        shown.put("roll-interval", TimeUtils.formatWithHighestUnit(rollInterval));
        shown.put("roll-inactivity", TimeUtils.formatWithHighestUnit(rollInactivity));
        shown.put("compression", lowerCase(compression));
        shown.put("lineage", Boolean.toString(hasLineage()));
        shown.put("dead-letter-topic", deadLetterTopic);
        shown.put("max-record-size", maxRecordSize.toString());
        shown.put("commit-concurrency", Integer.toString(commitConcurrency));
        for (String name : kafkaProperties.stringPropertyNames()) {
            boolean secret = SECRET.matcher(name.toLowerCase(Locale.ROOT)).find();
            shown.put(
                    "kafka-property." + name,
                    secret ? "******" : kafkaProperties.getProperty(name));
        }
        return shown;
    }

    private static void putGiven(Map<String, String> shown, String name, Object value) {
        if (value != null) {
            shown.put(name, value.toString());
        }
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Where a run without checkpoint begins.
     *
     * @param position earliest, latest, committed, or null for a time
     * @param time null unless a time was given
     */
    public record Start(Position position, Instant time) {

        /** The positions that have a name. */
        public enum Position {
            EARLIEST,
            LATEST,
            COMMITTED
        }

        @Override
        public String toString() {
            return time == null ? lowerCase(position) : time.toString();
        }
    }

    private enum S3Writer {
        QUOTELAKE,
        FLINK
    }

    enum Stop {
        LATEST
    }
}
