package io.quotelake.dashboard;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** What the command line says. */
final class Options {
    /** The port that people know. */
    static final int USUAL_PORT = 8085;

    @Option(
            names = "--lake",
            paramLabel = "DIR",
            required = true,
            description =
                    "The table's folder, which holds index=…/date=…; it need not be there yet.")
    private Path lake;

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

    Path lake() {
        return lake.toAbsolutePath().normalize();
    }

    String location() {
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
