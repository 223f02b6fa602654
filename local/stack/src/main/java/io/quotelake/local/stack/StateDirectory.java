package io.quotelake.local.stack;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The directory that holds everything a stack writes. Two stacks in two directories don't disturb
 * each other.
 *
 * @param root absolute
 */
public record StateDirectory(Path root) {
    /** The bucket of checkpoints and savepoints, away from the lake's. */
    static final String FLINK_BUCKET = "flink-state";

    private static final DateTimeFormatter NAMED_BY_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss.SSS'Z'").withZone(ZoneOffset.UTC);

    public StateDirectory {
        root = root.toAbsolutePath().normalize();
    }

    /** The output of every process. */
    public Path logs() {
        return root.resolve("logs");
    }

    /** Pid files, addresses, keys and the lock of the running stack. */
    public Path run() {
        return root.resolve("run");
    }

    /** The broker's configuration and records. */
    public Path kafka() {
        return root.resolve("kafka");
    }

    /** The base directory of the S3 endpoint: each bucket is a subdirectory. */
    public Path s3() {
        return root.resolve("s3");
    }

    /** Flink's configuration, plugins and temporary files. */
    public Path flink() {
        return root.resolve("flink");
    }

    /**
     * ZooKeeper's configuration and data: which JobManager leads, and where the state of jobs is.
     */
    public Path zooKeeper() {
        return root.resolve("zookeeper");
    }

    /** Prometheus's configuration and figures. */
    public Path prometheus() {
        return root.resolve("prometheus");
    }

    /** Flink's checkpoints, in a bucket of the S3 endpoint. */
    public Path checkpoints() {
        return s3().resolve(FLINK_BUCKET).resolve("checkpoints");
    }

    /** Flink's savepoints, beside them. */
    public Path savepoints() {
        return s3().resolve(FLINK_BUCKET).resolve("savepoints");
    }

    /** What the JVMs call the temporary directory. */
    public Path temporary() {
        return root.resolve("tmp");
    }

    /** Has a folder for each run that {@link #setAside} put away, named by the time. */
    public Path previous() {
        return root.resolve("previous");
    }

    /** What the last verification of the lake came to. */
    public Path verified() {
        return run().resolve("verified.json");
    }

    /** What a later run would go on from. */
    private List<Path> kept() {
        return List.of(kafka(), s3(), zooKeeper(), prometheus(), run().resolve("jobs"), verified());
    }

    /** Names the folder that {@link #putBack} would move back. */
    private Path unsettled() {
        return previous().resolve("unsettled");
    }

    /**
     * Moves everything that a later run would go on from to a folder of {@link #previous}, which
     * nothing deletes. Until {@link #settle} a {@link #putBack} takes that back, also from another
     * process.
     *
     * @return the folder; empty if there was nothing
     */
    Optional<Path> setAside() throws IOException {
        if (kept().stream().noneMatch(Files::exists)) {
            return Optional.empty();
        }
        Path folder = newFolder(previous().resolve(NAMED_BY_TIME.format(Instant.now())));
        Files.writeString(unsettled(), folder.getFileName().toString());
        for (Path kept : kept()) {
            if (Files.exists(kept)) {
                Files.move(kept, folder.resolve(kept.getFileName()));
            }
        }
        return Optional.of(folder);
    }

    /** Two runs within a millisecond are two folders. */
    private static Path newFolder(Path wanted) throws IOException {
        Path folder = wanted;
        for (int number = 2; Files.exists(folder); number++) {
            folder = wanted.resolveSibling(wanted.getFileName() + "-" + number);
        }
        return Files.createDirectories(folder);
    }

    /** Deletes everything that a later run would go on from. */
    void deleteEarlierRun() throws IOException {
        for (Path kept : kept()) {
            delete(kept);
        }
    }

    /** What was set aside stays there. */
    void settle() throws IOException {
        Files.deleteIfExists(unsettled());
    }

    /**
     * Undoes a {@link #setAside} that was not settled. A lake that has rows by now is left as it
     * is, and so is what was set aside.
     */
    void putBack() throws IOException {
        if (!Files.exists(unsettled())) {
            return;
        }
        Path folder = previous().resolve(Files.readString(unsettled()).strip());
        if (Files.isDirectory(folder) && !(Files.exists(folder.resolve("s3")) && hasRows(s3()))) {
            for (Path kept : kept()) {
                Path aside = folder.resolve(kept.getFileName());
                if (Files.exists(aside)) {
                    delete(kept);
                    Files.createDirectories(kept.getParent());
                    Files.move(aside, kept);
                }
            }
            Files.deleteIfExists(folder);
        }
        settle();
    }

    /** Deletes what killed processes left in {@link #temporary} more than an hour ago. */
    void tidy() throws IOException {
        Files.createDirectories(temporary());
        Instant old = Instant.now().minus(Duration.ofHours(1));
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(temporary())) {
            for (Path entry : entries) {
                if (Files.getLastModifiedTime(entry).toInstant().isBefore(old)) {
                    delete(entry);
                }
            }
        }
    }

    private static boolean hasRows(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return false;
        }
        try (Stream<Path> entries = Files.walk(tree)) {
            return entries.anyMatch(file -> file.getFileName().toString().startsWith("part-"));
        }
    }

    /** Deletes a file, or a directory with all below it; nothing if it isn't there. */
    public static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        Files.walkFileTree(
                tree,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path directory, IOException e)
                            throws IOException {
                        if (e != null) {
                            throw e;
                        }
                        Files.delete(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
