package io.quotelake.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Remembers a child on disk, so that a later start can end what a killed launcher left behind. A
 * process id alone may have been given to a stranger since; together with the time at which the
 * process started it names our child only.
 */
final class PidFile {
    private static final String SUFFIX = ".pid";

    /** Two readings of one process's start differ when the machine's clock was set in between. */
    private static final Duration START_TOLERANCE = Duration.ofSeconds(5);

    private PidFile() {}

    static Path write(Path directory, String name, ProcessHandle process) {
        Path file = directory.resolve(name + SUFFIX);
        long startMillis = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        try {
            Files.createDirectories(directory);
            Files.writeString(file, process.pid() + " " + startMillis + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    /**
     * Our own processes that are still alive, of all pid files in the directory, by their names.
     */
    static Map<String, ProcessHandle> orphans(Path directory) throws IOException {
        Map<String, ProcessHandle> orphans = new TreeMap<>();
        for (Path file : files(directory)) {
            String name = file.getFileName().toString().replaceFirst("\\..*", "");
            aliveIn(file).ifPresent(process -> orphans.put(name, process));
        }
        return orphans;
    }

    static void deleteAll(Path directory) throws IOException {
        for (Path file : files(directory)) {
            Files.deleteIfExists(file);
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX)).toList();
        }
    }

    private static Optional<ProcessHandle> aliveIn(Path file) throws IOException {
        String[] fields = Files.readString(file).trim().split(" ");
        if (fields.length != 2) {
            return Optional.empty(); // The launcher was killed while it wrote the file.
        }
        Instant written = Instant.ofEpochMilli(Long.parseLong(fields[1]));
        return ProcessHandle.of(Long.parseLong(fields[0]))
                .filter(ProcessHandle::isAlive)
                .filter(process -> startedAt(process, written));
    }

    private static boolean startedAt(ProcessHandle process, Instant written) {
        return process.info()
                .startInstant()
                .map(start -> Duration.between(start, written).abs())
                .filter(difference -> difference.compareTo(START_TOLERANCE) <= 0)
                .isPresent();
    }
}
