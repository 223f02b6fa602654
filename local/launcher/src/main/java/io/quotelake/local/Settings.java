package io.quotelake.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the environment, and after it the file {@code .env}, say under the names that the producer
 * and the job know too.
 */
public final class Settings {
    public static final String BROKERS = "KAFKA_BOOTSTRAP_SERVERS";
    public static final String TOPIC = "KAFKA_TOPIC";
    public static final String BUCKET = "AWS_S3_BUCKET";

    private static final String DEFAULT_TOPIC = "stock_market";
    private static final String DEFAULT_BUCKET = "quotelake";

    private final Map<String, String> values;

    private Settings(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /** Reads the environment and {@code .env} in the project's root. */
    public static Settings of(Installation installation) {
        return of(installation.home(), System.getenv());
    }

    /** What holds when nothing is set. */
    public static Settings defaults() {
        return new Settings(Map.of());
    }

    static Settings of(Path home, Map<String, String> environment) {
        Map<String, String> values = new HashMap<>(read(home.resolve(".env")));
        values.putAll(environment);
        return new Settings(values);
    }

    /** The broker that the user names, if any. */
    public Optional<String> brokers() {
        return value(BROKERS);
    }

    /** The same, but for the broker. */
    public Settings withoutBrokers() {
        Map<String, String> others = new HashMap<>(values);
        others.remove(BROKERS);
        return new Settings(others);
    }

    /** The topic of the quotes. */
    public String topic() {
        return value(TOPIC).orElse(DEFAULT_TOPIC);
    }

    /** The bucket of the lake. */
    public String bucket() {
        return value(BUCKET).orElse(DEFAULT_BUCKET);
    }

    private Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isBlank());
    }

    /** Lines {@code NAME=value}, as shells and container tools read them. */
    private static Map<String, String> read(Path file) {
        Map<String, String> values = new HashMap<>();
        if (!Files.exists(file)) {
            return values;
        }
        try {
            for (String line : Files.readAllLines(file)) {
                String text = line.strip();
                int equals = text.indexOf('=');
                if (text.isEmpty() || text.startsWith("#")) {
                    continue;
                }
                if (equals < 1) {
                    throw Failure.ofUse(file + " has a line that is not NAME=value: " + text);
                }
                values.put(
                        name(text.substring(0, equals)),
                        unquoted(text.substring(equals + 1).strip()));
            }
            return values;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(String text) {
        return text.startsWith("export ")
                ? text.substring("export ".length()).strip()
                : text.strip();
    }

    private static String unquoted(String text) {
        boolean quoted =
                text.length() >= 2
                        && (text.charAt(0) == '"' || text.charAt(0) == '\'')
                        && text.charAt(text.length() - 1) == text.charAt(0);
        return quoted ? text.substring(1, text.length() - 1) : text;
    }
}
