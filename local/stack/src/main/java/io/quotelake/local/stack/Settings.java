package io.quotelake.local.stack;

import io.quotelake.terminal.Failure;
import io.quotelake.terminal.Sentence;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

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

    private static final List<String> NAMES = List.of(BROKERS, TOPIC, BUCKET);

    private static final Pattern LIKE_OURS =
            Pattern.compile("(?i)KAFKA_(BOOT|TOP|SERV|BROK)|AWS_(S3_)?BUC|BUCKET|TOPIC");
    private static final Pattern REMARK = Pattern.compile("\\s#");
    private static final Pattern BUCKET_NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern TOPIC_NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

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
        Settings settings = new Settings(values);
        demandName(
                "AWS_S3_BUCKET",
                settings.bucket(),
                BUCKET_NAME,
                "a bucket has 3 to 63 of a-z 0-9 . and -");
        demandName(
                "KAFKA_TOPIC",
                settings.topic(),
                TOPIC_NAME,
                "a topic has 1 to 249 of a-z A-Z 0-9 . _ and -");
        return settings;
    }

    /** A name becomes a directory here: it must not lead elsewhere. */
    private static void demandName(String setting, String name, Pattern allowed, String rule) {
        if (!allowed.matcher(name).matches() || name.contains("..")) {
            throw Failure.ofUse("%s is '%s': %s".formatted(setting, name, rule));
        }
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

    /** The same, with other defaults for what nobody has set. */
    public Settings orElse(String topic, String bucket) {
        Map<String, String> others = new HashMap<>(values);
        others.put(TOPIC, value(TOPIC).orElse(topic));
        others.put(BUCKET, value(BUCKET).orElse(bucket));
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

    /**
     * Lines {@code NAME=value}, as dotenv reads them: a value may be quoted, and a remark may
     * follow it after a blank.
     */
    private static Map<String, String> read(Path file) {
        Map<String, String> values = new HashMap<>();
        for (String line : lines(file)) {
            String text = line.replace("\uFEFF", "").strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            int equals = text.indexOf('=');
            if (equals < 1) {
                throw Failure.ofUse(file + " has a line that is not NAME=value: " + text);
            }
            String name = name(text.substring(0, equals));
            demandKnown(file, name);
            values.put(name, value(file, name, text.substring(equals + 1).strip()));
        }
        return values;
    }

    private static List<String> lines(Path file) {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw Failure.ofUse(file + " is not a text in UTF-8");
        } catch (IOException e) {
            String why = Files.isDirectory(file) ? "it is a directory" : Sentence.of(e);
            throw Failure.ofUse("%s can't be read: %s".formatted(file, why));
        }
    }

    /** A name like one of ours that is none would else be left out without a word. */
    private static void demandKnown(Path file, String name) {
        if (NAMES.contains(name)) {
            return;
        }
        if (LIKE_OURS.matcher(name).lookingAt()) {
            throw Failure.ofUse(
                    "%s has %s, which nothing here reads: the names are %s"
                            .formatted(file, name, String.join(", ", NAMES)));
        }
    }

    private static String name(String text) {
        return text.startsWith("export ")
                ? text.substring("export ".length()).strip()
                : text.strip();
    }

    private static String value(Path file, String name, String text) {
        boolean quoted = text.startsWith("\"") || text.startsWith("'");
        if (!quoted) {
            return REMARK.split(" " + text, 2)[0].strip();
        }
        int end = text.indexOf(text.charAt(0), 1);
        String rest = end < 0 ? "" : text.substring(end + 1).strip();
        if (end < 0 || !(rest.isEmpty() || rest.startsWith("#"))) {
            throw Failure.ofUse(
                    "%s: the quotation mark of %s is not closed at the end of its value"
                            .formatted(file, name));
        }
        return text.substring(1, end);
    }
}
