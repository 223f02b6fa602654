package io.quotelake.benchmark.lake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quotelake.benchmark.rows.ByteText;
import io.quotelake.benchmark.rows.Feed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Compares a lake with the feed it was made of, row by row: each row there as often as it was sent,
 * each with its values, each in its folder. It reads the endpoint's directory and not the endpoint,
 * which would take longer than what is measured.
 */
public final class LakeCheck {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] LINEAGE =
            ",\"kafka_partition\":".getBytes(StandardCharsets.US_ASCII);
    private static final int NO_FOLDER = -1;

    private final Feed feed;
    private final Layout layout;
    private final Path table;
    private final RowObserver observer;
    private final Map<String, Integer> folders = new HashMap<>();
    private final AtomicIntegerArray seen;
    private final LongAdder rows = new LongAdder();
    private final ThreadLocal<ByteText> expected = ThreadLocal.withInitial(ByteText::new);

    private LakeCheck(Feed feed, Layout layout, Path table, RowObserver observer) {
        this.feed = feed;
        this.layout = layout;
        this.table = table;
        this.observer = observer;
        for (int folder = 0; folder < feed.folders(); folder++) {
            folders.put(feed.folder(folder), folder);
        }
        seen = new AtomicIntegerArray(Math.toIntExact(feed.rows() / feed.copies()));
    }

    /**
     * Checks a whole lake.
     *
     * @param table the directory below which the objects are
     * @throws WrongLakeException if anything is missing, doubled, altered or misplaced
     */
    public static CheckedLake of(Feed feed, Layout layout, Path table) {
        return of(feed, layout, table, (line, start, end, visibleMillis) -> {});
    }

    /** As {@link #of(Feed, Layout, Path)}, and shows each row to an observer. */
    public static CheckedLake of(Feed feed, Layout layout, Path table, RowObserver observer) {
        return new LakeCheck(feed, layout, table, observer).check();
    }

    private CheckedLake check() {
        List<LakeObject> objects = objects();
        List<LakeObject> files = objects.stream().filter(this::isFile).toList();
        if (files.isEmpty()) {
            throw new WrongLakeException("No files under " + table);
        }
        files.parallelStream().forEach(this::read);
        checkCounts();
        return new CheckedLake(
                rows.sum(),
                files.size(),
                files.stream().mapToLong(LakeObject::bytes).sum(),
                objects.size() - files.size(),
                files.stream()
                        .map(LakeObject::visible)
                        .min(FileTime::compareTo)
                        .orElseThrow()
                        .toInstant(),
                files.stream()
                        .map(LakeObject::visible)
                        .max(FileTime::compareTo)
                        .orElseThrow()
                        .toInstant());
    }

    private boolean isFile(LakeObject object) {
        return layout == Layout.QUOTES || object.path.getFileName().toString().startsWith("part-");
    }

    private void read(LakeObject object) {
        int folder = layout == Layout.QUOTES ? NO_FOLDER : folderOf(object.path);
        long visibleMillis = object.visible.toMillis();
        try {
            ObjectLines.read(
                    object.path,
                    (line, start, end) -> {
                        check(folder, line, start, end, object.path);
                        observer.row(line, start, end, visibleMillis);
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int folderOf(Path file) {
        String folder = table.relativize(file.getParent()).toString();
        Integer number = folders.get(folder);
        if (number == null) {
            throw new WrongLakeException("No row of the feed belongs into the folder of " + file);
        }
        return number;
    }

    private void check(int folder, byte[] line, int start, int end, Path file) {
        long row = feed.recognise(folder, line, start, end);
        if (row < 0) {
            throw new WrongLakeException(
                    "Not a row of the feed: " + text(line, start, end) + " in " + file);
        }
        if (folder != NO_FOLDER && feed.folderOf(row) != folder) {
            throw new WrongLakeException("Row " + row + " is misplaced in " + file);
        }
        if (!equals(row, line, start, end)) {
            throw new WrongLakeException(
                    "Row "
                            + row
                            + " is altered in "
                            + file
                            + ": "
                            + text(line, start, end)
                            + " should be "
                            + expected.get());
        }
        seen.incrementAndGet((int) row);
        rows.increment();
    }

    private boolean equals(long row, byte[] line, int start, int end) {
        ByteText text = expected.get().clear();
        if (layout == Layout.QUOTES) {
            feed.appendQuote(row, text);
            return text.length() == end - start && text.isPrefixOf(line, start, end);
        }
        feed.appendRow(row, text);
        return text.isPrefixOf(line, start, end) && isComplete(line, start + text.length(), end)
                || hasEqualValues(text, line, start, end);
    }

    /** After the quote's fields comes the end, or where the record stood in the topic. */
    private static boolean isComplete(byte[] line, int at, int end) {
        if (at == end - 1) {
            return line[at] == '}';
        }
        return line[end - 1] == '}'
                && end - at > LINEAGE.length
                && Arrays.equals(line, at, at + LINEAGE.length, LINEAGE, 0, LINEAGE.length);
    }

    /** Another contestant may write the same double with other digits. */
    private static boolean hasEqualValues(ByteText text, byte[] line, int start, int end) {
        try {
            JsonNode wanted = JSON.readTree(text + "}");
            JsonNode found = JSON.readTree(line, start, end - start);
            for (var field : wanted.properties()) {
                JsonNode value = found.path(field.getKey());
                boolean equal =
                        field.getValue().isDouble()
                                ? value.isNumber()
                                        && value.doubleValue() == field.getValue().doubleValue()
                                : value.equals(field.getValue());
                if (!equal) {
                    return false;
                }
            }
            return true;
        } catch (JsonProcessingException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void checkCounts() {
        for (int row = 0; row < seen.length(); row++) {
            if (seen.get(row) != feed.copies()) {
                throw new WrongLakeException(
                        "Row %d was sent %d times and stands %d times in the lake; it has %d rows of %d"
                                .formatted(
                                        row,
                                        feed.copies(),
                                        seen.get(row),
                                        rows.sum(),
                                        feed.rows()));
            }
        }
    }

    private List<LakeObject> objects() {
        List<LakeObject> objects = new ArrayList<>();
        try {
            Files.walkFileTree(
                    table,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws IOException {
                            // The inode changes last when the endpoint moves a complete object to
                            // its key.
                            FileTime visible = (FileTime) Files.getAttribute(file, "unix:ctime");
                            objects.add(new LakeObject(file, attributes.size(), visible));
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return objects;
    }

    private static String text(byte[] line, int start, int end) {
        return new String(line, start, Math.min(end - start, 400), StandardCharsets.UTF_8);
    }

    private record LakeObject(Path path, long bytes, FileTime visible) {}
}
