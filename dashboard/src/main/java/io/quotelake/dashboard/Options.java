package io.quotelake.dashboard;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import software.amazon.awssdk.services.athena.AthenaClient;

/** What the command line says. */
final class Options {
    private static final Duration ANSWER_WITHIN = Duration.ofMinutes(2);

    /** The port that people know. */
    static final int USUAL_PORT = 8085;

    /** What answers the charts' SQL. */
    enum EngineName {
        local,
        trino,
        athena
    }

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            defaultValue = "local",
            description =
                    "What answers: ${COMPLETION-CANDIDATES} (DuckDB over --lake). Default: ${DEFAULT-VALUE}")
    private EngineName engine;

    @Option(
            names = "--lake",
            paramLabel = "DIR",
            description =
                    "local: the table's folder, which holds index=…/date=…; it need not be there yet.")
    private Path lake;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "trino: jdbc:trino://HOST:PORT/CATALOG/SCHEMA, with what else its driver needs.")
    private String url;

    @Option(
            names = "--workgroup",
            paramLabel = "NAME",
            description = "athena: the workgroup; it says where results go.")
    private String workgroup;

    @Option(
            names = "--database",
            paramLabel = "NAME",
            description = "athena: the database of the table.")
    private String database;

    @Option(
            names = "--refresh",
            paramLabel = "SECONDS",
            description =
                    "trino, athena: how often to ask again while somebody looks. Default: 30 for trino, 600 for athena")
    private Integer refresh;

    @Option(
            names = "--location",
            paramLabel = "URI",
            description = "What that folder is called on S3, to be shown. Default: its own path.")
    private String location;

    @Option(
            names = "--flink",
            paramLabel = "URL",
            description = "Flink's REST interface, such as http://127.0.0.1:8081.")
    private URI flink;

    @Option(names = "--bootstrap-servers", paramLabel = "HOST:PORT", description = "Kafka brokers.")
    private String bootstrapServers;

    @Option(
            names = "--topic",
            paramLabel = "NAME",
            defaultValue = "stock_market",
            description = "Topic of the quotes. Default: ${DEFAULT-VALUE}")
    private String topic;

    @Option(
            names = "--dead-letter-topic",
            paramLabel = "NAME",
            description = "Topic of the dead letters. Default: TOPIC.dead-letters")
    private String deadLetterTopic;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "Settings of the Kafka client as a properties file (SASL, TLS).")
    private Path kafkaConfig;

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description = "The file that was published, to show how many rows it has.")
    private Path csv;

    @Option(
            names = "--verify-report",
            paramLabel = "FILE",
            description = "Where verify writes its last report.")
    private Path verifyReport;

    @Option(
            names = "--resume-command",
            paramLabel = "TEXT",
            defaultValue = "flink run -d -s SAVEPOINT quotelake-flink-job.jar …",
            description = "What starts a stopped job again, to be shown. Default: ${DEFAULT-VALUE}")
    private String resumeCommand;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description =
                    "Where to listen. Anybody who reaches it sees the lake. Default: ${DEFAULT-VALUE}")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Default: " + USUAL_PORT + ", or a free one if that is in use.")
    private Integer port;

    /**
     * What answers the charts' SQL.
     *
     * @throws IllegalArgumentException when the options for it don't go together
     */
    Engine engine() {
        demand("--lake", lake, EngineName.local);
        demand("--url", url, EngineName.trino);
        demand("--workgroup", workgroup, EngineName.athena);
        demand("--database", database, EngineName.athena);
        if (refresh != null && (engine == EngineName.local || refresh < 1)) {
            throw new IllegalArgumentException(
                    "--refresh is a number of seconds from 1 on, with --engine trino or athena");
        }
        return switch (engine) {
            case local -> new LocalLake(lake(), location(), TableDefinition.builtIn());
            case trino -> new Remote(new TrinoLake(url), refresh(30));
            case athena ->
                    new Remote(
                            new AthenaLake(
                                    AthenaClient.create(), workgroup, database, ANSWER_WITHIN),
                            refresh(600));
        };
    }

    private void demand(String name, Object value, EngineName wanting) {
        if ((value != null) != (engine == wanting)) {
            throw new IllegalArgumentException(
                    value == null
                            ? "--engine %s needs %s".formatted(engine, name)
                            : "%s goes with --engine %s, not %s".formatted(name, wanting, engine));
        }
    }

    private Duration refresh(int usual) {
        return Duration.ofSeconds(refresh == null ? usual : refresh);
    }

    private Path lake() {
        return lake.toAbsolutePath().normalize();
    }

    private String location() {
        return location == null ? lake().toString() : location.replaceAll("/+$", "");
    }

    URI flink() {
        return flink;
    }

    /** For the page; null if none is watched. */
    String flinkAddress() {
        return flink == null ? null : flink.toString();
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    String topic() {
        return topic;
    }

    String deadLetterTopic() {
        return deadLetterTopic == null ? topic + ".dead-letters" : deadLetterTopic;
    }

    /** Settings of the Kafka client. */
    Map<String, Object> kafka() {
        Map<String, Object> settings = new HashMap<>();
        if (kafkaConfig != null) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(kafkaConfig)) {
                properties.load(reader);
            } catch (IOException e) {
                throw new IllegalArgumentException(
                        "--kafka-config: %s can't be read".formatted(kafkaConfig), e);
            }
            properties.forEach((key, value) -> settings.put(key.toString(), value));
        }
        settings.put("bootstrap.servers", bootstrapServers);
        return settings;
    }

    /** The file's name; null if none was named. */
    String csvName() {
        return csv == null ? null : csv.getFileName().toString();
    }

    /** Lines below the header that are not blank; 0 if no file was named. */
    long csvRows() {
        if (csv == null) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(csv, StandardCharsets.ISO_8859_1)) {
            return Math.max(0, lines.filter(line -> !line.isBlank()).count() - 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path verifyReport() {
        return verifyReport;
    }

    String resumeCommand() {
        return resumeCommand;
    }

    String host() {
        return host;
    }

    /** The port that was demanded; null if any will do. */
    Integer port() {
        return port;
    }
}
