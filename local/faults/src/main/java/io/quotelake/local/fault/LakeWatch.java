package io.quotelake.local.fault;

import io.quotelake.verifier.table.VisibleFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks for new rows in a lake on this machine. */
final class LakeWatch {
    private static final Pattern TIMESTAMP = Pattern.compile("\"kafka_timestamp\":\"([^\"]+)\"");

    private final Path table;

    LakeWatch(Path table) {
        this.table = table;
    }

    /**
     * Whether a visible part file ends with a row whose record was published at this moment or
     * later.
     */
    boolean hasRowSince(Instant moment) {
        if (!Files.isDirectory(table)) {
            return false;
        }
        boolean[] found = new boolean[1];
        try {
            Files.walkFileTree(
                    table,
                    new VisibleFiles() {
                        @Override
                        protected FileVisitResult visitVisible(
                                Path file, BasicFileAttributes attributes) throws IOException {
                            boolean isNew =
                                    !attributes.lastModifiedTime().toInstant().isBefore(moment);
                            found[0] = isNew && endsSince(file, moment);
                            return found[0] ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found[0];
    }

    private static boolean endsSince(Path file, Instant moment) throws IOException {
        Instant last = Instant.MIN;
        Matcher timestamps = TIMESTAMP.matcher(Files.readString(file));
        while (timestamps.find()) {
            last = Instant.parse(timestamps.group(1));
        }
        return !last.isBefore(moment);
    }
}
