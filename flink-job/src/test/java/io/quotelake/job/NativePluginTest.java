package io.quotelake.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quotelake.job.lake.NativePlugin;
import io.quotelake.s3.S3Server;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code --s3-writer flink} over Flink's plugin flink-s3-fs-native, which forgets the end of files
 * that it goes on with.
 */
class NativePluginTest {

    private static final int RECORDS = 5_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    private static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    @TempDir private static Path directory;

    private static NativePlugin plugin;

    @BeforeAll
    static void load() throws Exception {
        plugin = new NativePlugin(directory);
    }

    @AfterAll
    static void forget() throws Exception {
        plugin.close();
    }

    @Test
    void everyRowIsThereOnceAfterAFailure() throws Exception {
        Trouble.CHECKPOINTS.set(0);
        Trouble.FAILURES.set(0);
        Trouble.place = Trouble.Place.RECORD;
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment();
        TestLake.create("native")
                .withTable("s3://" + S3Server.BUCKET + "/table")
                .with("--s3-writer=flink", "--roll-interval=1h", "--date-granularity=year")
                .slowly()
                .restarting()
                .defineWithTrouble(environment, RECORDS, NativePluginTest::value);
        environment.configure(
                new Configuration()
                        .set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1_000));
        JobClient job = environment.executeAsync("native");
        await().atMost(Duration.ofMinutes(1)).until(() -> Trouble.FAILURES.get() > 0);
        Trouble.place = Trouble.Place.NOWHERE;
        job.getJobExecutionResult().get();

        List<Long> offsets = new ArrayList<>();
        for (String key : plugin.server().objects("table")) {
            assertThat(key).doesNotContain(".incomplete");
            for (String line : new String(plugin.server().read(key), UTF_8).lines().toList()) {
                offsets.add(JSON.readTree(line).get("kafka_offset").longValue());
            }
        }
        assertThat(offsets)
                .containsExactlyInAnyOrderElementsOf(LongStream.range(0, RECORDS).boxed().toList());
    }

    private static byte[] value(long number) {
        LocalDate date = LocalDate.of(2001, 1, 1).plusDays(number);
        return ("{\"index\":\"HSI\",\"date\":\"%s\",\"open\":1.5,\"high\":2.5,\"low\":1.5,"
                        + "\"close\":2.5,\"volume\":%d}")
                .formatted(date, number)
                .getBytes(UTF_8);
    }
}
