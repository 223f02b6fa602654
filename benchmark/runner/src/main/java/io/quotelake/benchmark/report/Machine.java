package io.quotelake.benchmark.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Where and when something was measured, and with what.
 *
 * @param processor its name
 * @param cores how many of them the JVM may use
 * @param memoryGib RAM
 * @param system the kernel
 * @param java the JVM
 * @param versions of Quotelake, of the systems below it and of its peers
 * @param measuredAt when, in UTC
 */
public record Machine(
        String processor,
        int cores,
        long memoryGib,
        String system,
        String java,
        String versions,
        String measuredAt) {

    static Machine current() {
        return new Machine(
                field("/proc/cpuinfo", "model name"),
                Runtime.getRuntime().availableProcessors(),
                Math.round(
                        Long.parseLong(field("/proc/meminfo", "MemTotal").replaceAll("\\D", ""))
                                / 1024.0
                                / 1024),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
                builtVersions(),
                Instant.now().truncatedTo(ChronoUnit.MINUTES).toString());
    }

    private static String builtVersions() {
        try (InputStream versions = Machine.class.getResourceAsStream("versions.txt")) {
            return new String(versions.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String field(String file, String name) {
        List<String> lines;
        try {
            lines = Files.readAllLines(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst()
                .orElse("unknown");
    }
}
