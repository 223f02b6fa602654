package io.quotelake.dashboard;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The part files below a table's folder, {@code index=…/date=…/part-*.json}. Part files never
 * change, so that only folders that have changed since the last look are listed again.
 */
final class LakeFiles {
    /** What belongs into a folder of each depth. A file that is still arriving has another end. */
    private static final List<Pattern> NAMES =
            List.of(
                    Pattern.compile("index=.+"),
                    Pattern.compile("date=.+"),
                    Pattern.compile("part-.*\\.json(\\.gz|\\.zst)?"));

    /** A folder may change again within the same tick of the file system's clock. */
    private static final long TICK_MILLIS = 1_000;

    private final Path table;
    private final Map<String, Folder> folders = new HashMap<>();

    /**
     * A folder as it was seen.
     *
     * @param modified when it had changed last; -1 if it may have changed since
     */
    private record Folder(long modified, Set<String> names) {
        static final Folder UNSEEN = new Folder(-1, Set.of());
    }

    /**
     * What has changed between two looks.
     *
     * @param added paths below the table's folder
     * @param removed paths below the table's folder
     */
    record Changes(List<String> added, List<String> removed) {}

    LakeFiles(Path table) {
        this.table = table;
    }

    /**
     * Looks for what has come and gone since the last look.
     *
     * @throws NoSuchFileException when there is no folder of the table
     */
    Changes look() throws IOException {
        Changes changes = new Changes(new ArrayList<>(), new ArrayList<>());
        look("", 0, changes);
        return changes;
    }

    /** Forgets everything: the next look finds all files. */
    void forget() {
        folders.clear();
    }

    private void look(String path, int depth, Changes changes) throws IOException {
        Path directory = table.resolve(path);
        Folder seen = folders.getOrDefault(path, Folder.UNSEEN);
        long now = System.currentTimeMillis();
        long modified =
                Files.readAttributes(directory, BasicFileAttributes.class)
                        .lastModifiedTime()
                        .toMillis();
        Set<String> names = seen.names();
        if (modified != seen.modified()) {
            names = list(directory, NAMES.get(depth));
            folders.put(path, new Folder(now - modified > TICK_MILLIS ? modified : -1, names));
            compare(path, depth, seen.names(), names, changes);
        }
        if (depth == NAMES.size() - 1) {
            return;
        }
        for (String name : names) {
            try {
                look(below(path, name), depth + 1, changes);
            } catch (NoSuchFileException | NotDirectoryException e) {
                remove(below(path, name), depth + 1, changes);
            }
        }
    }

    private void compare(
            String path, int depth, Set<String> before, Set<String> now, Changes changes) {
        boolean files = depth == NAMES.size() - 1;
        for (String name : before) {
            if (!now.contains(name)) {
                remove(below(path, name), depth + 1, changes);
            }
        }
        if (files) {
            now.stream()
                    .filter(name -> !before.contains(name))
                    .forEach(name -> changes.added().add(below(path, name)));
        }
    }

    private void remove(String path, int depth, Changes changes) {
        if (depth == NAMES.size()) {
            changes.removed().add(path);
            return;
        }
        Folder gone = folders.remove(path);
        if (gone != null) {
            gone.names().forEach(name -> remove(below(path, name), depth + 1, changes));
        }
    }

    private static Set<String> list(Path directory, Pattern wanted) throws IOException {
        Set<String> names = new HashSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (wanted.matcher(name).matches()) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    private static String below(String path, String name) {
        return path.isEmpty() ? name : path + "/" + name;
    }
}
