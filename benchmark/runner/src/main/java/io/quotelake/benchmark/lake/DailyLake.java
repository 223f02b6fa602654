package io.quotelake.benchmark.lake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The lake by day that the job writes of the data set, a row a file, written without the job. */
public final class DailyLake {
    private static final LocalDate AFTER_ALL = LocalDate.of(2022, 1, 1);

    private final Path table;
    private final List<String[]> rows = new ArrayList<>();
    private final Map<String, Long> days = new LinkedHashMap<>();
    private long offset;
    private int later;

    /** Writes all rows of a file in the data set's form. */
    public DailyLake(Path table, Path csv) throws IOException {
        this.table = table;
        List<String> lines = Files.readAllLines(csv);
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            rows.add(cells);
            write(cells, cells[1]);
        }
    }

    public Path table() {
        return table;
    }

    /** How many rows it has, each in a file of its own. */
    public long size() {
        return offset;
    }

    /** How many days it has of each index. */
    public Map<String, Long> days() {
        return days;
    }

    /** Writes so many files more, of days after all others. */
    public void add(int files) throws IOException {
        List<String> indices = List.copyOf(days.keySet());
        for (int i = 0; i < files; i++) {
            String[] cells = rows.get(rows.size() - 1).clone();
            cells[0] = indices.get(later % indices.size());
            write(cells, AFTER_ALL.plusDays(later / indices.size()).toString());
            later++;
        }
    }

    private void write(String[] cells, String date) throws IOException {
        Path folder =
                Files.createDirectories(
                        table.resolve("index=%s/date=%s".formatted(cells[0], date)));
        // As on S3, a file is there when it is whole.
        Path arriving = folder.resolve("arriving");
        Files.writeString(
                arriving,
                """
                {"trade_date":"%s","open":%s,"high":%s,"low":%s,"close":%s,"adj_close":%s,"volume":%s,"close_usd":%s,\
                "kafka_partition":0,"kafka_offset":%d,"kafka_timestamp":"2026-01-05T09:30:00.123Z"}
                """
                        .formatted(
                                date,
                                cells[2],
                                cells[3],
                                cells[4],
                                cells[5],
                                cells[6],
                                cells[7].replaceFirst("\\.0$", ""),
                                cells[8].isEmpty() ? "null" : cells[8],
                                offset));
        Files.move(
                arriving,
                folder.resolve("part-3f2b1c6e-8a5c-4b5e-9d43-0e8f3a3f7c11-" + offset + ".json"));
        offset++;
        days.merge(cells[0], 1L, Long::sum);
    }
}
