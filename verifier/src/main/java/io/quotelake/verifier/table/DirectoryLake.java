package io.quotelake.verifier.table;

import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A lake in a directory: one that the job writes there itself, or the bucket's directory of the
 * local S3 endpoint, where a walk takes milliseconds and a LIST of many objects minutes.
 */
final class DirectoryLake implements Lake {
    private final Path directory;

    DirectoryLake(Path directory) {
        this.directory = directory;
    }

    @Override
    public void list(Consumer<String> eachKey) throws IOException {
        if (!Files.exists(directory) && Files.isDirectory(directory.getParent())) {
            return; // As on S3, a prefix in a bucket is there once it has an object.
        }
        if (!Files.isDirectory(directory)) {
            throw Failure.ofUse(
                    "There is no directory "
                            + directory
                            + ": no file has been published there yet, or --output must name the table's folder.");
        }
        Files.walkFileTree(
                directory,
                new VisibleFiles() {
                    @Override
                    protected FileVisitResult visitVisible(
                            Path file, BasicFileAttributes attributes) {
                        eachKey.accept(directory.relativize(file).toString());
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    @Override
    public InputStream open(String key) throws IOException {
        return Files.newInputStream(directory.resolve(key));
    }

    @Override
    public Optional<InputStream> openBeside(String suffix) throws IOException {
        try {
            return Optional.of(
                    Files.newInputStream(
                            directory.resolveSibling(directory.getFileName() + suffix)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {}
}
