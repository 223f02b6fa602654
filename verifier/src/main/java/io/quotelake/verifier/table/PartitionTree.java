package io.quotelake.verifier.table;

import io.quotelake.terminal.Count;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Shows a lake as a tree of its partitions, with files, rows and bytes, while it is listed. */
public final class PartitionTree {
    private final Consumer<String> output;
    private final String onlyIndex;
    private final int datesShown;
    private final Totals all = new Totals();
    private final Set<String> indices = new TreeSet<>();
    private Lake lake;
    private boolean countsRows;
    private Folder index;
    private Folder date;
    private long dates;
    private long strays;
    private String firstStray;

    /**
     * @param output gets the lines
     * @param onlyIndex shows this index only; null shows all
     * @param datesShown so many dates of an index are shown one by one
     */
    public PartitionTree(Consumer<String> output, String onlyIndex, int datesShown) {
        this.output = output;
        this.onlyIndex = onlyIndex;
        this.datesShown = datesShown;
    }

    /**
     * Shows the lake, or nothing at all if it has no object, or not the index.
     *
     * @param withRows counts rows too, for which each object must be read
     * @return whether there was something to show
     */
    public boolean show(Lake shown, boolean withRows) throws IOException {
        lake = shown;
        countsRows = withRows;
        try {
            lake.list(this::take);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        endIndex();
        if (all.files == 0 && (onlyIndex != null || strays == 0)) {
            return false;
        }
        output.accept(
                String.join(
                        ", ",
                        Count.of(onlyIndex == null ? indices.size() : 1, "index", "indices"),
                        Count.of(dates, "partition"),
                        Count.of(all.files, "file"),
                        countsRows ? Count.of(all.rows, "row") : "rows not counted",
                        size(all.bytes)));
        if (strays > 0) {
            output.accept(
                    Count.of(strays, "file doesn't belong", "files don't belong")
                            + " here, the first is "
                            + firstStray);
        }
        return true;
    }

    /** The indices that the lake has, also those that were not shown. */
    public Set<String> indices() {
        return indices;
    }

    private void take(LakeObject object) {
        Optional<PartFile> file = PartFile.of(object.key());
        if (file.isEmpty()) {
            firstStray = strays == 0 ? object.key() : firstStray;
            strays++;
            return;
        }
        indices.add(file.get().index());
        if (onlyIndex == null || onlyIndex.equals(file.get().index())) {
            take(file.get(), object.bytes());
        }
    }

    private void take(PartFile file, long bytes) {
        if (index == null || !index.name.equals(file.index())) {
            endIndex();
            index = new Folder(file.index());
        }
        if (date == null || !date.name.equals(file.date())) {
            endDate();
            date = new Folder(file.date());
            dates++;
        }
        long rows = countsRows ? RowCounter.rowsIn(file, lake) : 0;
        for (Totals totals : List.of(all, index.totals, date.totals)) {
            totals.add(rows, bytes);
        }
    }

    private void endDate() {
        if (date == null) {
            return;
        }
        index.dates++;
        if (index.dates <= datesShown) {
            index.lines.add("  " + line("date=" + date.name, date.totals, ""));
        }
        date = null;
    }

    private void endIndex() {
        if (index == null) {
            return;
        }
        endDate();
        output.accept(
                line("index=" + index.name, index.totals, " in " + Count.of(index.dates, "date")));
        index.lines.forEach(output);
        if (index.dates > datesShown && datesShown > 0) {
            output.accept(String.format(Locale.ROOT, "    and %,d more", index.dates - datesShown));
        }
        index = null;
    }

    private String line(String name, Totals totals, String suffix) {
        String rows =
                String.format(
                        Locale.ROOT, " %,11d %-4s", totals.rows, totals.rows == 1 ? "row" : "rows");
        return String.format(
                Locale.ROOT,
                "%-20s %,9d %-5s%s %10s%s",
                name,
                totals.files,
                totals.files == 1 ? "file" : "files",
                countsRows ? rows : "",
                size(totals.bytes),
                suffix);
    }

    /** Bytes for people. */
    public static String size(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < 4) {
            value /= 1024;
            unit++;
        }
        return String.format(
                Locale.ROOT, "%.1f %s", value, List.of("B", "KiB", "MiB", "GiB", "TiB").get(unit));
    }

    private static final class Folder {
        private final String name;
        private final Totals totals = new Totals();
        private final List<String> lines = new ArrayList<>();
        private int dates;

        private Folder(String name) {
            this.name = name;
        }
    }

    private static final class Totals {
        private long files;
        private long rows;
        private long bytes;

        private void add(long moreRows, long moreBytes) {
            files++;
            rows += moreRows;
            bytes += moreBytes;
        }
    }
}
