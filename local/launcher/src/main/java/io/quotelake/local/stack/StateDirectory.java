package io.quotelake.local.stack;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * The directory that holds everything a stack writes. Two stacks in two directories don't disturb
 * each other.
 *
 * @param root absolute
 */
public record StateDirectory(Path root) {
    /** The bucket of checkpoints and savepoints, away from the lake's. */
    static final String FLINK_BUCKET = "flink-state";

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

    /** What the run before the last {@link #setAside} wrote. */
    public Path previous() {
        return root.resolve("previous");
    }

    /**
     * Moves everything that a later run would go on from to {@link #previous}, whose content is
     * deleted.
     */
    void setAside() throws IOException {
        delete(previous());
        for (Path kept : List.of(kafka(), s3(), prometheus(), run().resolve("jobs"))) {
            if (Files.exists(kept)) {
                Files.createDirectories(previous());
                Files.move(kept, previous().resolve(kept.getFileName()));
            }
        }
    }

    private static void delete(Path tree) throws IOException {
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
