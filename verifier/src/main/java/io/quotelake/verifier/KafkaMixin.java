package io.quotelake.verifier;

import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import picocli.CommandLine.Option;

/** How a command reaches the brokers. */
final class KafkaMixin {
    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description =
                    "Kafka brokers. Default: $KAFKA_BOOTSTRAP_SERVERS, or the stack that runs here")
    private String bootstrapServers;

    @Option(
            names = "--kafka-property",
            paramLabel = "KEY=VALUE",
            description = "A setting of the Kafka client; may be repeated.")
    private Map<String, String> properties = new HashMap<>();

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description =
                    "Properties file with settings of the Kafka client, such as those for TLS and passwords.")
    private Path config;

    /** The stack that is looked at because nobody names brokers. */
    Optional<Surroundings.LocalStack> stack(Surroundings surroundings) {
        boolean named = bootstrapServers != null || surroundings.brokers().isPresent();
        return named ? Optional.empty() : Optional.of(surroundings.stack());
    }

    /** Settings of a Kafka client, with {@code bootstrap.servers}. */
    Map<String, Object> settings(Surroundings surroundings) {
        Map<String, Object> settings = new HashMap<>();
        if (config != null) {
            Properties file = new Properties();
            try (Reader reader = Files.newBufferedReader(config)) {
                file.load(reader);
            } catch (IOException e) {
                throw Failure.ofUse("--kafka-config: %s can't be read".formatted(config));
            }
            file.forEach((key, value) -> settings.put(key.toString(), value));
        }
        settings.putAll(properties);
        settings.put("bootstrap.servers", brokers(surroundings));
        return settings;
    }

    private String brokers(Surroundings surroundings) {
        if (bootstrapServers != null) {
            return bootstrapServers;
        }
        return surroundings.brokers().orElseGet(() -> surroundings.stack().bootstrapServers());
    }
}
