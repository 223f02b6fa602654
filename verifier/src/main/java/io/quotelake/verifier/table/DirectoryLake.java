package io.quotelake.verifier.table;

import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A lake in a directory: one that the job writes there itself, or the bucket's directory of the
 * local S3 endpoint, where a walk takes milliseconds and a LIST of many objects minutes. Objects
 * may arrive during the walk; memory holds the names of one folder at a time.
 */
final class DirectoryLake implements Lake {
    /**
     * Files that are no objects: Flink's local file system writes an open part file as {@code
     * .part-….inprogress.…}, the S3 endpoint an object that is still arriving as its key and a
     * UUID.
     */
    private static final Pattern UNFINISHED =
            Pattern.compile(
                    "\\.part-.+\\.inprogress\\..+|.+-\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private final Path directory;

    DirectoryLake(Path directory) {
        this.directory = directory;
    }

    @Override
    public void list(Consumer<LakeObject> each) throws IOException {
        if (!Files.exists(directory) && Files.isDirectory(directory.getParent())) {
            return; // As on S3, a prefix in a bucket is there once it has an object.
        }
        if (!Files.isDirectory(directory)) {
            throw Failure.ofUse(
                    "There is no directory "
                            + directory
                            + ": no file has been published there yet, or --output must name the table's folder.");
        }
        walk(directory, each);
    }

    private void walk(Path folder, Consumer<LakeObject> each) throws IOException {
        for (Path entry : entries(folder)) {
            BasicFileAttributes attributes;
            try {
                attributes =
                        Files.readAttributes(
                                entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            } catch (NoSuchFileException e) {
                continue; // A file that is finished gets another name.
            }
            if (attributes.isDirectory()) {
                walk(entry, each);
            } else if (!UNFINISHED.matcher(entry.getFileName().toString()).matches()) {
                each.accept(
                        new LakeObject(
                                directory.relativize(entry).toString(),
                                attributes.size(),
                                attributes.lastModifiedTime().toInstant()));
            }
        }
    }

    private static List<Path> entries(Path folder) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
            found.forEach(entries::add);
        } catch (NoSuchFileException e) {
            return List.of(); // The endpoint deletes folders that have become empty.
        }
        Collections.sort(entries);
        return entries;
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
