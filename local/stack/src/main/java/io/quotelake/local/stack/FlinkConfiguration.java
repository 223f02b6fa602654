package io.quotelake.local.stack;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The configuration directory of the local Flink processes: that of real clusters, with other
 * addresses, directories and S3 settings. {@code config.yaml} is flat there, one {@code key: value}
 * a line.
 */
final class FlinkConfiguration {
    private static final String FILE = "config.yaml";

    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Path template;
    private final Path directory;

    FlinkConfiguration(Path template, Path directory) {
        this.template = template;
        this.directory = directory;
    }

    Path directory() {
        return directory;
    }

    void set(String key, String value) {
        settings.put(key, value);
    }

    void setAll(Map<String, String> more) {
        settings.putAll(more);
    }

    void setS3(URI endpoint, S3Keys keys) {
        set("s3.endpoint", endpoint.toString());
        set("s3.path.style.access", "true");
        set("s3.access-key", keys.accessKey());
        set("s3.secret-key", keys.secretKey());
    }

    /**
     * The JVM options that Flink's own shell scripts would take from the configuration, for a role
     * of theirs.
     */
    List<String> jvmOptions(String role) throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        for (String line : Files.readAllLines(template.resolve(FILE))) {
            if (isSetting(line)) {
                all.put(key(line), line.substring(line.indexOf(':') + 1).trim());
            }
        }
        all.putAll(settings);
        return Stream.of("env.java.opts.all", "env.java.opts." + role)
                .flatMap(key -> Stream.of(all.getOrDefault(key, "").split(" ")))
                .filter(option -> !option.isEmpty())
                .toList();
    }

    /**
     * Writes the directory. Only its owner may read the settings: the keys of the S3 endpoint are
     * among them.
     */
    void write() throws IOException {
        Files.createDirectories(directory);
        copyLogging();
        StringBuilder text = new StringBuilder();
        for (String line : Files.readAllLines(template.resolve(FILE))) {
            if (!isSetting(line) || !settings.containsKey(key(line))) {
                text.append(line).append('\n');
            }
        }
        text.append("\n# --- What differs on this machine\n");
        settings.forEach(
                (key, value) -> text.append(key).append(": ").append(quoted(value)).append('\n'));
        Path file = directory.resolve(FILE);
        S3Keys.createPrivately(file);
        Files.writeString(file, text);
    }

    private void copyLogging() throws IOException {
        try (Stream<Path> files = Files.list(template)) {
            for (Path file :
                    files.filter(name -> name.toString().endsWith(".properties")).toList()) {
                Files.writeString(directory.resolve(file.getFileName()), Files.readString(file));
            }
        }
    }

    private static boolean isSetting(String line) {
        return !line.startsWith("#") && line.indexOf(':') > 0;
    }

    private static String key(String line) {
        return line.substring(0, line.indexOf(':'));
    }

    private static String quoted(String value) {
        return "'" + value.replace("'", "''") + "'";
    }
}
