package io.quotelake.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.RpcOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.YamlParserUtils;
import org.junit.jupiter.api.Test;

/** The manifest for the Flink Kubernetes Operator, against Flink's own options and the job's. */
class KubernetesManifestTest {

    private static final Path MANIFEST = Path.of("..", "kubernetes", "flink-deployment.yaml");

    private static final List<Class<?>> OPTIONS =
            List.of(
                    CheckpointingOptions.class,
                    CoreOptions.class,
                    HeartbeatManagerOptions.class,
                    HighAvailabilityOptions.class,
                    JobManagerOptions.class,
                    PipelineOptions.class,
                    RestartStrategyOptions.class,
                    RpcOptions.class,
                    TaskManagerOptions.class);

    /** Of the S3 plugin and the metrics reporter, which hand them on by prefix. */
    private static final Set<String> PREFIXES = Set.of("fs.s3a.", "s3.", "metrics.reporter.prom.");

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Map<String, Object> from, String key) {
        return (Map<String, Object>) from.get(key);
    }

    private static Map<String, Object> spec() throws Exception {
        return map(YamlParserUtils.loadYamlFile(MANIFEST.toFile()), "spec");
    }

    private static Map<String, ConfigOption<?>> options() throws IllegalAccessException {
        Map<String, ConfigOption<?>> options = new HashMap<>();
        for (Class<?> type : OPTIONS) {
            for (Field field : type.getFields()) {
                if (field.getType() == ConfigOption.class) {
                    ConfigOption<?> option = (ConfigOption<?>) field.get(null);
                    options.put(option.key(), option);
                }
            }
        }
        return options;
    }

    @Test
    void everyKeyIsOneOfFlinksAndEveryValueIsOneThatItTakes() throws Exception {
        Map<String, ConfigOption<?>> options = options();
        Configuration configuration = new Configuration();
        Set<String> unknown = new HashSet<>();
        for (Map.Entry<String, Object> setting : map(spec(), "flinkConfiguration").entrySet()) {
            configuration.setString(setting.getKey(), setting.getValue().toString());
            if (!options.containsKey(setting.getKey())
                    && PREFIXES.stream().noneMatch(setting.getKey()::startsWith)) {
                unknown.add(setting.getKey());
            }
        }

        assertThat(unknown).isEmpty();
        for (ConfigOption<?> option : options.values()) {
            assertThat(configuration.getOptional(option).isPresent())
                    .isEqualTo(configuration.containsKey(option.key()));
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void theJobTakesItsArguments() throws Exception {
        Map<String, Object> job = map(spec(), "job");
        List<String> arguments =
                ((List<Object>) job.get("args"))
                        .stream()
                                .map(
                                        argument ->
                                                argument.toString()
                                                        .replace("BROKERS", "broker:9092")
                                                        .replace("BUCKET", "lake"))
                                .toList();

        JobOptions options = JobOptions.parse(name -> null, arguments.toArray(String[]::new));

        assertThat(options.output()).isEqualTo("s3://lake/stock_market");
        assertThat(job).containsEntry("entryClass", StockMarketJob.class.getName());
    }

    @Test
    void setsWhatTheProjectsOwnConfigurationSets() throws Exception {
        Map<String, Object> manifest = map(spec(), "flinkConfiguration");
        Map<String, String> own = ownConfiguration();

        Stream.of(
                        "execution.checkpointing.",
                        "restart-strategy.",
                        "heartbeat.",
                        "pekko.",
                        "env.java.opts.taskmanager")
                .forEach(
                        prefix ->
                                own.forEach(
                                        (key, value) -> {
                                            if (key.startsWith(prefix) && !key.endsWith("dir")) {
                                                assertThat(manifest.get(key))
                                                        .as(key)
                                                        .hasToString(value);
                                            }
                                        }));
    }

    private static Map<String, String> ownConfiguration() throws IOException {
        Map<String, String> own = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("..", "flink-conf", "config.yaml"))) {
            if (!line.startsWith("#") && line.contains(": ")) {
                own.put(
                        line.substring(0, line.indexOf(": ")),
                        line.substring(line.indexOf(": ") + 2).trim());
            }
        }
        return own;
    }
}
