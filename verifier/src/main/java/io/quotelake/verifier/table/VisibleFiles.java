package io.quotelake.verifier.table;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.regex.Pattern;

/**
 * Visits the objects of a lake in a directory while others arrive there. A file that is not one yet
 * gets another name at any moment, also between being listed and being looked at.
 */
public abstract class VisibleFiles extends SimpleFileVisitor<Path> {
    /**
     * Files that are no objects: Flink's local file system writes an open part file as {@code
     * .part-….inprogress.…}, the S3 endpoint an object that is still arriving as its key and a
     * UUID.
     */
    private static final Pattern UNFINISHED =
            Pattern.compile(
                    "\\.part-.+\\.inprogress\\..+|.+-\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    /** Meets a file that is complete. */
    protected abstract FileVisitResult visitVisible(Path file, BasicFileAttributes attributes)
            throws IOException;

    /** Whether it is no object: one that is being written, or whose writer was killed. */
    static boolean isUnfinished(Path file) {
        return UNFINISHED.matcher(file.getFileName().toString()).matches();
    }

    @Override
    public final FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
            throws IOException {
        return isUnfinished(file) ? FileVisitResult.CONTINUE : visitVisible(file, attributes);
    }

    @Override
    public final FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
        if (e instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw e;
    }
}
