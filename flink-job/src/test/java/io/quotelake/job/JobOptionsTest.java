package io.quotelake.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quotelake.job.lake.Compression;
import io.quotelake.job.quote.DateGranularity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.flink.configuration.MemorySize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.ParameterException;

class JobOptionsTest {

    private static final Map<String, String> ENVIRONMENT =
            Map.of("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092", "AWS_S3_BUCKET", "lake");

    private static JobOptions parse(String... arguments) {
        return JobOptions.parse(ENVIRONMENT::get, arguments);
    }

    @Test
    void theTutorialsEnvironmentIsEnough() {
        JobOptions options = parse();

        assertThat(options.bootstrapServers()).isEqualTo("kafka:9092");
        assertThat(options.topic()).isEqualTo("stock_market");
        assertThat(options.groupId()).isEqualTo("quotelake-stock_market/lake/stock_market");
        assertThat(options.deadLetterTopic()).isEqualTo("stock_market.dead-letters");
        assertThat(options.output()).isEqualTo("s3://lake/stock_market");
        assertThat(options.startFrom().position()).isEqualTo(JobOptions.Start.Position.EARLIEST);
        assertThat(options.stopsAtLatest()).isFalse();
        assertThat(options.dateGranularity()).isEqualTo(DateGranularity.DAY);
        assertThat(options.rollSize()).isEqualTo(MemorySize.ofMebiBytes(128));
        assertThat(options.rollInterval()).isEqualTo(Duration.ofMinutes(5));
        assertThat(options.rollInactivity()).isEqualTo(Duration.ofMinutes(1));
        assertThat(options.compression()).isEqualTo(Compression.NONE);
        assertThat(options.hasLineage()).isTrue();
        assertThat(options.maxRecordSize()).isEqualTo(MemorySize.ofMebiBytes(1));
        assertThat(options.commitConcurrency()).isEqualTo(16);
    }

    @Test
    void theCommandLineOverridesTheEnvironment() {
        JobOptions options =
                parse(
                        "--brokers=a:1,b:2",
                        "--topic=quotes",
                        "--start-from=2026-01-05T09:30:00Z",
                        "--stop-at=latest",
                        "--output=file:///lake/quotes/",
                        "--date-granularity=month",
                        "--compression=ZSTD",
                        "--no-lineage",
                        "--commit-concurrency=3");

        assertThat(options.bootstrapServers()).isEqualTo("a:1,b:2");
        assertThat(options.deadLetterTopic()).isEqualTo("quotes.dead-letters");
        assertThat(options.startFrom().time()).isEqualTo(Instant.parse("2026-01-05T09:30:00Z"));
        assertThat(options.stopsAtLatest()).isTrue();
        assertThat(options.output()).isEqualTo("file:///lake/quotes");
        assertThat(options.dateGranularity()).isEqualTo(DateGranularity.MONTH);
        assertThat(options.compression()).isEqualTo(Compression.ZSTD);
        assertThat(options.hasLineage()).isFalse();
        assertThat(options.commitConcurrency()).isEqualTo(3);
    }

    @Test
    void kafkaPropertiesComeFromFileAndLineAndSecretsAreMasked(@TempDir Path folder)
            throws Exception {
        Path file = folder.resolve("client.properties");
        Files.writeString(
                file,
                "security.protocol=SASL_SSL\n"
                        + "sasl.jaas.config=Module required password=\"hunter2\";\n"
                        + "ssl.keystore.password=hunter2\n"
                        + "max.poll.records=100\n");

        JobOptions options =
                parse("--kafka-config=" + file, "--kafka-property", "max.poll.records=200");

        assertThat(options.kafkaProperties())
                .containsEntry("max.poll.records", "200")
                .containsEntry("ssl.keystore.password", "hunter2");
        assertThat(options.describe())
                .containsEntry("kafka-property.security.protocol", "SASL_SSL")
                .containsEntry("kafka-property.max.poll.records", "200")
                .containsEntry("topic", "stock_market")
                .containsEntry("roll-size", "128 mb");
        assertThat(options.describe().toString()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource({
        "--bootstrap-servers=kafka, HOST:PORT",
        "'--bootstrap-servers=a:1,,b:2', HOST:PORT",
        "--topic=a/b, a/b",
        "--topic=.., characters",
        "--dead-letter-topic=stock_market, another one",
        "--start-from=yesterday, 2026-01-05T09:30:00Z",
        "--stop-at=noon, latest",
        "--output=/tmp/x, scheme",
        "--output=s3://lake, prefix",
        "--output=s3://lake/, prefix",
        "'--output=s3://la ke/x', URI",
        "--date-granularity=week, week",
        "--roll-size=12x, 128mb",
        "--roll-size=0, more than 0",
        "--roll-size=33gb, more than 32 gb",
        "--roll-interval=soon, 30s",
        "--roll-interval=0s, more than 0",
        "--roll-inactivity=-1s, 30s",
        "--compression=lz4, lz4",
        "--max-record-size=0, more than 0",
        "--commit-concurrency=0, 1 to 256",
        "--commit-concurrency=257, 1 to 256",
        "--commit-concurrency=many, many",
        "--kafka-config=nowhere.properties, nowhere.properties",
        "--kafka-property=isolation.level=read_uncommitted, isolation.level",
        "--kafka-property=group.id, KEY=VALUE",
        "--nonsense, --nonsense",
        "more, more"
    })
    void aWrongOptionIsOneLineThatSaysWhatIsAccepted(String argument, String expected) {
        assertThatThrownBy(() -> parse(argument))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining(expected)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void brokersAndPlaceMustBeGivenSomewhere() {
        assertThatThrownBy(() -> JobOptions.parse(Map.of("AWS_S3_BUCKET", "lake")::get))
                .hasMessageContaining("KAFKA_BOOTSTRAP_SERVERS");
        assertThatThrownBy(
                        () ->
                                JobOptions.parse(
                                        Map.of(
                                                        "KAFKA_BOOTSTRAP_SERVERS",
                                                        "kafka:9092",
                                                        "AWS_S3_BUCKET",
                                                        " ")
                                                ::get))
                .hasMessageContaining("AWS_S3_BUCKET");
    }

    @Test
    void helpNeedsNothingElseAndNamesEveryOption() {
        assertThat(JobOptions.parse(name -> null, "--help").isHelp()).isTrue();
        assertThat(JobOptions.usage())
                .contains(
                        "--bootstrap-servers",
                        "--topic",
                        "--group-id",
                        "--start-from",
                        "--stop-at",
                        "--kafka-property",
                        "--kafka-config",
                        "--output",
                        "--date-granularity",
                        "--roll-size",
                        "--roll-interval",
                        "--roll-inactivity",
                        "--compression",
                        "--no-lineage",
                        "--dead-letter-topic",
                        "--max-record-size",
                        "--commit-concurrency");
    }
}
