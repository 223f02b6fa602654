package io.quotelake.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The words that {@link JobOptions} reads: the program's arguments or, where it has none, the
 * property group {@code quotelake} of Amazon Managed Service for Apache Flink, which starts a
 * program without any.
 *
 * <p>A property is an option without its dashes ({@code date-granularity} = {@code month}), a flag
 * is {@code true} or {@code false}, and {@code kafka-property.NAME} is a property of the Kafka
 * clients. The service writes all groups of an application into one file, <a
 * href="https://docs.aws.amazon.com/managed-flink/latest/java/how-properties.html">runtime
 * properties</a>; the environment variable {@code QUOTELAKE_APPLICATION_PROPERTIES} names it where
 * it is another.
 */
final class JobArguments {

    static final String GROUP = "quotelake";

    static final String FILE_VARIABLE = "QUOTELAKE_APPLICATION_PROPERTIES";

    private static final String FILE = "/etc/flink/application_properties.json";

    private static final String KAFKA_PROPERTY = "kafka-property.";

    private JobArguments() {}

    /**
     * @param given the program's arguments
     * @param environment what the program finds in its environment, by name; null if not set
     * @throws WrongUse if the property file can't be used
     */
    static String[] of(String[] given, Function<String, String> environment) throws WrongUse {
        String named = environment.apply(FILE_VARIABLE);
        if (given.length > 0) {
            return given;
        }
        Path file = Path.of(named == null ? FILE : named);
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            if (named == null) {
                return given;
            }
            throw new WrongUse(FILE_VARIABLE + " names '" + file + "', which doesn't exist");
        } catch (IOException e) {
            throw new WrongUse("the properties in '" + file + "' can't be read: " + e.getMessage());
        }
        return words(file, text).toArray(String[]::new);
    }

    private static List<String> words(Path file, String text) throws WrongUse {
        JsonNode groups;
        try {
            groups = new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new WrongUse("'" + file + "' is no JSON: " + e.getOriginalMessage());
        }
        List<String> words = new ArrayList<>();
        for (JsonNode group : groups) {
            if (group.path("PropertyGroupId").asText().equals(GROUP)) {
                for (Map.Entry<String, JsonNode> property :
                        group.path("PropertyMap").properties()) {
                    addWords(words, property.getKey(), property.getValue().asText());
                }
                return words;
            }
        }
        throw new WrongUse(
                "the program has no arguments, and '"
                        + file
                        + "' has no property group "
                        + GROUP
                        + "; give the job's options there, without their dashes");
    }

    private static void addWords(List<String> words, String name, String value) throws WrongUse {
        if (name.startsWith(KAFKA_PROPERTY)) {
            words.add("--kafka-property");
            words.add(name.substring(KAFKA_PROPERTY.length()) + "=" + value);
        } else if (!JobOptions.isFlag("--" + name)) {
            words.add("--" + name);
            words.add(value);
        } else if (value.equals("true")) {
            words.add("--" + name);
        } else if (!value.equals("false")) {
            throw new WrongUse(
                    "the property "
                            + name
                            + " is '"
                            + value
                            + "', and neither true nor false (property group "
                            + GROUP
                            + ")");
        }
    }
}
