package io.quotelake.verifier.table;

import io.quotelake.terminal.Count;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Shows a lake as a tree of its partitions, with files, rows and bytes, while it is walked. */
public final class PartitionTree implements LakeFolder.Visitor {
    private final Consumer<String> output;
    private final String onlyIndex;
    private final int datesShown;
    private final Totals all = new Totals();
    private final List<Path> strays = new ArrayList<>();
    private Folder index;
    private Folder date;
    private int indices;
    private int dates;

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

    /** Shows the lake. */
    public void show(LakeFolder lake) throws IOException {
        lake.walk(this);
        endIndex();
        output.accept(
                String.format(
                        Locale.ROOT,
                        "%s, %s, %s, %s, %s",
                        Count.of(indices, "index", "indices"),
                        Count.of(dates, "partition"),
                        Count.of(all.files, "file"),
                        Count.of(all.rows, "row"),
                        size(all.bytes)));
        if (!strays.isEmpty()) {
            output.accept(
                    Count.of(strays.size(), "file doesn't belong", "files don't belong")
                            + " here, the first is "
                            + strays.get(0));
        }
    }

    @Override
    public void partFile(String indexName, String dateName, Path file) throws IOException {
        if (onlyIndex != null && !onlyIndex.equals(indexName)) {
            return;
        }
        if (index == null || !index.name.equals(indexName)) {
            endIndex();
            index = new Folder(indexName);
            indices++;
        }
        if (date == null || !date.name.equals(dateName)) {
            endDate();
            date = new Folder(dateName);
            dates++;
        }
        long rows = RowCounter.rowsIn(file);
        for (Totals totals : List.of(all, index.totals, date.totals)) {
            totals.add(rows, Files.size(file));
        }
    }

    @Override
    public void stray(Path file) {
        strays.add(file);
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

    private static String line(String name, Totals totals, String suffix) {
        return String.format(
                Locale.ROOT,
                "%-20s %,9d %-5s %,11d %-4s %10s%s",
                name,
                totals.files,
                totals.files == 1 ? "file" : "files",
                totals.rows,
                totals.rows == 1 ? "row" : "rows",
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
