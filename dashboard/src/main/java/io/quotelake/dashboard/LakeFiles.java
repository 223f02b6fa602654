package io.quotelake.dashboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The part files below a table's folder, {@code index=…/date=…/part-*.json}. Part files never
 * change, so that only folders that have changed since the last look are listed again.
 *
 * <p>To ask a hundred thousand folders whether they have changed takes a moment, and files come
 * into new folders and into those that changed lately. So a look asks these, and all folders only
 * as often as that takes a small part of the time: in a lake of a few thousand folders, each time.
 */
final class LakeFiles {
    /** What belongs into a folder of each depth. A file that is still arriving has another end. */
    private static final List<Pattern> NAMES =
            List.of(
                    Pattern.compile("index=.+"),
                    Pattern.compile("date=.+"),
                    Pattern.compile("part-.*\\.json(\\.gz|\\.zst)?"));

    private static final int FILES = NAMES.size() - 1;

    /** A folder may change again within the same tick of the file system's clock. */
    private static final long TICK_MILLIS = 1_000;

    /** Folders that have changed within this time are asked at each look. */
    private static final long LATELY_MILLIS = 60_000;

    /** All folders are asked at most in this part of the time. */
    private static final int SHARE_OF_TIME = 20;

    private final Folder table;
    private Changes changes = new Changes();
    private long asked;
    private long askingTook;
    private long lookMillis;

    /** A folder as it was seen. */
    private static final class Folder {
        final Path path;
        long modified;

        /** Whether it would show a later modification if it had changed since. */
        boolean settled;

        /** What is in it; a file has null for its folder. */
        Map<String, Folder> names = Map.of();

        Folder(Path path) {
            this.path = path;
        }
    }

    /**
     * What has changed between two looks.
     *
     * @param added paths below the table's folder
     * @param removed paths below the table's folder, which may have come back since
     */
    record Changes(Set<String> added, Set<String> removed) {
        Changes() {
            this(ConcurrentHashMap.newKeySet(), ConcurrentHashMap.newKeySet());
        }

        private void remove(String path) {
            if (!added.remove(path)) {
                removed.add(path);
            }
        }
    }

    LakeFiles(Path table) {
        this.table = new Folder(table);
    }

    /**
     * Looks for what has come and gone since the last look that succeeded.
     *
     * @throws NoSuchFileException when there is no folder of the table
     */
    Changes look() throws IOException {
        long begin = System.currentTimeMillis();
        boolean all = begin - asked >= SHARE_OF_TIME * askingTook;
        list(table, 0);
        try {
            table.names.entrySet().parallelStream()
                    .filter(index -> lookBelow(index.getValue(), all))
                    .toList()
                    .forEach(index -> table.names.remove(index.getKey()));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (all) {
            asked = System.currentTimeMillis();
            askingTook = asked - begin;
        } else {
            lookMillis = System.currentTimeMillis() - begin;
        }
        Changes found = changes;
        changes = new Changes();
        return found;
    }

    /** How long the last look took that did not ask all folders. */
    long lookMillis() {
        return lookMillis;
    }

    /** Forgets everything: the next look finds all files. */
    void forget() {
        table.settled = false;
        table.names = Map.of();
        changes = new Changes();
        asked = 0;
    }

    /** Looks at the folders of an index; says whether it is gone. */
    private boolean lookBelow(Folder index, boolean all) {
        try {
            list(index, 1);
            long lately = System.currentTimeMillis() - LATELY_MILLIS;
            Iterator<Folder> dates = index.names.values().iterator();
            while (dates.hasNext()) {
                Folder date = dates.next();
                if (all || !date.settled || date.modified > lately) {
                    try {
                        list(date, FILES);
                    } catch (NoSuchFileException | NotDirectoryException e) {
                        remove(date);
                        dates.remove();
                    }
                }
            }
            return false;
        } catch (NoSuchFileException | NotDirectoryException e) {
            remove(index);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lists a folder, unless it is as it was. */
    private void list(Folder folder, int depth) throws IOException {
        long now = System.currentTimeMillis();
        long modified = Files.getLastModifiedTime(folder.path).toMillis();
        if (folder.settled && modified == folder.modified) {
            return;
        }
        Map<String, Folder> names = new HashMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.path)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (NAMES.get(depth).matcher(name).matches()) {
                    Folder seen = folder.names.get(name);
                    if (depth < FILES) {
                        names.put(name, seen == null ? new Folder(entry) : seen);
                    } else {
                        names.put(name, null);
                        if (!folder.names.containsKey(name)) {
                            changes.added().add(below(entry));
                        }
                    }
                }
            }
        }
        folder.names.forEach(
                (name, seen) -> {
                    if (!names.containsKey(name)) {
                        remove(folder, name, seen);
                    }
                });
        folder.names = names;
        folder.modified = modified;
        folder.settled = now - modified > TICK_MILLIS;
    }

    private void remove(Folder folder) {
        folder.names.forEach((name, child) -> remove(folder, name, child));
    }

    private void remove(Folder folder, String name, Folder child) {
        if (child == null) {
            changes.remove(below(folder.path.resolve(name)));
        } else {
            remove(child);
        }
    }

    private String below(Path path) {
        return table.path.relativize(path).toString();
    }
}
