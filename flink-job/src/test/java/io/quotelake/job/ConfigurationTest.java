package io.quotelake.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

/** What the program sets of Flink's configuration, and what it leaves to the cluster. */
class ConfigurationTest {

    /**
     * Of Flink's properties those that a program may set on Amazon Managed Service for Apache
     * Flink, as far as they matter here: <a
     * href="https://docs.aws.amazon.com/managed-flink/latest/java/reference-modifiable-settings.html">the
     * service's list</a>.
     */
    private static final Set<String> ALLOWED =
            Set.of(
                    "execution.runtime-mode",
                    "pipeline.auto-watermark-interval",
                    "pipeline.generic-types",
                    "pipeline.global-job-parameters",
                    "pipeline.max-parallelism",
                    "pipeline.name",
                    "pipeline.object-reuse",
                    "pipeline.operator-chaining.enabled",
                    "pipeline.serialization-config");

    private static final JobOptions OPTIONS =
            JobOptions.parse(
                    name -> null,
                    "--bootstrap-servers=broker:9092",
                    "--output=s3://lake/stock_market");

    @Test
    void onlyWhatAmazonsManagedServiceLetsAProgramSet() throws Exception {
        Configuration cluster = new Configuration();
        cluster.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(10));
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(cluster);
        Map<String, String> before = settings(environment);

        StockMarketJob.configure(environment, OPTIONS);

        Map<String, String> after = settings(environment);
        after.entrySet().removeAll(before.entrySet());
        assertThat(after.keySet()).isNotEmpty().isSubsetOf(ALLOWED);
    }

    @Test
    void checkpointsThatAreOffAreRefusedAndNotSwitchedOn() {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());

        assertThatThrownBy(() -> StockMarketJob.configure(environment, OPTIONS))
                .isInstanceOf(WrongUse.class)
                .hasMessageContaining("execution.checkpointing.interval");
    }

    private static Map<String, String> settings(StreamExecutionEnvironment environment) {
        return new Configuration((Configuration) environment.getConfiguration()).toMap();
    }
}
