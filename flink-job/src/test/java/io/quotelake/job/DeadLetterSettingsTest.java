package io.quotelake.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quotelake.job.KafkaCheck.Unusable;
import io.quotelake.job.source.TopicIdentity;
import java.time.Duration;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadLetterSettingsTest {

    private static final KafkaCheck BROKERS = brokers(1_114_124);

    private static KafkaCheck brokers(int maxDeadLetterBytes) {
        return new KafkaCheck(
                new TopicIdentity("stock_market", null),
                maxDeadLetterBytes,
                Duration.ofMinutes(15));
    }

    /**
     * @param settings of Flink, and with {@code kafka:} before them of Kafka, separated by blanks
     */
    private static void check(KafkaCheck brokers, String settings) throws Unusable {
        Configuration flink = new Configuration();
        flink.setString("execution.checkpointing.interval", "10s");
        String[] kafka =
                Stream.of(settings.split(" "))
                        .filter(setting -> setting.startsWith("kafka:"))
                        .map(setting -> "--kafka-property=" + setting.substring("kafka:".length()))
                        .toArray(String[]::new);
        Stream.of(settings.split(" "))
                .filter(setting -> setting.contains("=") && !setting.startsWith("kafka:"))
                .map(setting -> setting.split("="))
                .forEach(setting -> flink.setString(setting[0], setting[1]));
        String[] arguments =
                Stream.concat(
                                Stream.of(
                                        "--bootstrap-servers=127.0.0.1:1", "--output=file:///t/x"),
                                Stream.of(kafka))
                        .toArray(String[]::new);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(flink);
        JobOptions options = JobOptions.parse(name -> null, arguments);
        DeadLetterSettings.sink(
                options,
                brokers,
                StockMarketJob.run(options, null),
                environment.getCheckpointConfig(),
                environment.getConfiguration());
    }

    @ParameterizedTest
    @CsvSource({
        "execution.checkpointing.interval=20min, 20 min, 15 min",
        "execution.checkpointing.interval=6min, 6 min, 10 min",
        "execution.checkpointing.timeout=15min, 10 s, 15 min",
        "kafka:transaction.timeout.ms=60000, 10 min, 1 min",
        "kafka:transaction.timeout.ms=900001, 900001, 900000",
        "kafka:transaction.timeout.ms=0, 0, 900000",
        "kafka:transaction.timeout.ms=soon, soon, digits",
        "kafka:max.block.ms=180000, 3 min, task.cancellation.timeout",
        "task.cancellation.timeout=60s, 1 min, max.block.ms",
        "kafka:delivery.timeout.ms=30000, 30000, request.timeout.ms 30000",
        "kafka:buffer.memory=1000000, 1000000, 1114124",
        "kafka:batch.size=100000000, 100000000, 33554432",
        "kafka:acks=1, acks, idempotent",
        "kafka:max.in.flight.requests.per.connection=10, 5, in.flight",
        "kafka:compression.type=brotli, brotli, --kafka-config",
    })
    void settingsThatCanNotWorkTogetherAreRefusedWithBoth(
            String settings, String one, String other) {
        assertThatThrownBy(() -> check(BROKERS, settings))
                .isInstanceOf(Unusable.class)
                .hasMessageContaining(one)
                .hasMessageContaining(other)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void aTopicThatTakesNoDeadLetterIsRefused() {
        assertThatThrownBy(() -> check(brokers(500), ""))
                .isInstanceOf(Unusable.class)
                .hasMessageContaining("500 bytes")
                .hasMessageContaining("4096");
    }

    @ParameterizedTest
    @CsvSource({
        "''",
        "execution.checkpointing.interval=5min",
        "kafka:transaction.timeout.ms=620000",
        "task.cancellation.timeout=0ms kafka:max.block.ms=600000",
        "kafka:linger.ms=1000 kafka:compression.type=zstd",
    })
    void settingsThatWorkTogetherAreTaken(String settings) throws Exception {
        check(BROKERS, settings);

        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .as("nothing stays open")
                .noneMatch(name -> name.contains("check"));
    }
}
