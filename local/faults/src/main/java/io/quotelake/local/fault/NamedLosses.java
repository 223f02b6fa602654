package io.quotelake.local.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The dead letters of which the job's log says that a broker dropped them by its own rule. A commit
 * that is repeated after a restart says it once more, and counts once.
 */
final class NamedLosses {
    private static final Pattern LOST =
            Pattern.compile(
                    "Lost(?:, it may be)?: (\\d+) dead letters, of the records (\\S+ to \\S+)\\."
                            + " The broker had ended their transaction (\\S+) ");

    private final Path logs;

    /**
     * @param logs the directory of the TaskManagers' logs
     */
    NamedLosses(Path logs) {
        this.logs = logs;
    }

    /** How many, from the start on. */
    long letters() {
        Map<String, Long> transactions = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(logs, "taskmanager-*.log*")) {
            for (Path file : files) {
                try (Stream<String> lines = Files.lines(file)) {
                    lines.map(LOST::matcher)
                            .filter(Matcher::find)
                            .forEach(
                                    lost ->
                                            transactions.put(
                                                    lost.group(2) + " in " + lost.group(3),
                                                    Long.valueOf(lost.group(1))));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return transactions.values().stream().mapToLong(Long::longValue).sum();
    }
}
