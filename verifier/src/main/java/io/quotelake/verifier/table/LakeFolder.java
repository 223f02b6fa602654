package io.quotelake.verifier.table;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A table's folder {@code index=…/date=…/part-*.json} in the directory of the S3 endpoint. It is
 * walked folder by folder: memory holds the names of one index's dates at a time.
 */
public final class LakeFolder {
    private final Path table;

    /**
     * @param table the directory of the table's prefix; it need not exist yet
     */
    public LakeFolder(Path table) {
        this.table = table;
    }

    /** The directory of the table's prefix. */
    public Path table() {
        return table;
    }

    /** What a walk meets, in the order of names. */
    public interface Visitor {
        /**
         * A file that stands where rows belong.
         *
         * @param index the value in the folder's name
         * @param date the value in the folder's name
         */
        void partFile(String index, String date, Path file) throws IOException;

        /** Something that does not belong into the table. */
        void stray(Path file) throws IOException;
    }

    /** Visits everything below the table's prefix. */
    public void walk(Visitor visitor) throws IOException {
        for (Path index : entries(table)) {
            if (!isPartition(index, "index=")) {
                strays(index, visitor);
                continue;
            }
            for (Path date : entries(index)) {
                if (!isPartition(date, "date=")) {
                    strays(date, visitor);
                    continue;
                }
                walkPartition(value(index), value(date), date, visitor);
            }
        }
    }

    private static void walkPartition(String index, String date, Path folder, Visitor visitor)
            throws IOException {
        for (Path file : entries(folder)) {
            String name = file.getFileName().toString();
            if (name.startsWith("part-")
                    && name.matches(".*\\.json(\\.gz|\\.zst)?")
                    && Files.isRegularFile(file)) {
                visitor.partFile(index, date, file);
            } else {
                strays(file, visitor);
            }
        }
    }

    /** An empty folder is no object: S3 has none. */
    private static void strays(Path path, Visitor visitor) throws IOException {
        if (!Files.isDirectory(path)) {
            if (!VisibleFiles.isUnfinished(path)) {
                visitor.stray(path);
            }
            return;
        }
        for (Path entry : entries(path)) {
            strays(entry, visitor);
        }
    }

    private static boolean isPartition(Path path, String prefix) {
        String name = path.getFileName().toString();
        return name.startsWith(prefix)
                && name.length() > prefix.length()
                && Files.isDirectory(path);
    }

    private static String value(Path partition) {
        String name = partition.getFileName().toString();
        return name.substring(name.indexOf('=') + 1);
    }

    private static List<Path> entries(Path directory) throws IOException {
        List<Path> entries = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(directory)) {
                found.forEach(entries::add);
            }
            Collections.sort(entries);
        }
        return entries;
    }
}
