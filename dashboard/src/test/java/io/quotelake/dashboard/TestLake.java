package io.quotelake.dashboard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A lake in a directory, written from the project's CSV file without the project's code. */
final class TestLake {
    private static final Path CSV =
            Path.of(System.getProperty("quotelake.home"), "data/indexProcessed.csv");

    /**
     * A row of the CSV file.
     *
     * @param cells in the order of the file's columns
     */
    record Quote(String index, String date, double close, String[] cells) {
        double number(int cell) {
            return Double.parseDouble(cells[cell]);
        }
    }

    private TestLake() {}

    /** The rows of some indices, in the order of the file. */
    static List<Quote> quotes(Set<String> indices) throws IOException {
        List<Quote> quotes = new ArrayList<>();
        for (String line : Files.readAllLines(CSV).subList(1, Files.readAllLines(CSV).size())) {
            String[] cells = line.split(",", -1);
            if (indices.contains(cells[0])) {
                quotes.add(new Quote(cells[0], cells[1], Double.parseDouble(cells[5]), cells));
            }
        }
        return quotes;
    }

    /** Writes a file a folder, dates shortened to so many letters. */
    static void write(Path table, List<Quote> quotes, int letters) throws IOException {
        Map<String, StringBuilder> folders = new LinkedHashMap<>();
        int offset = 0;
        for (Quote quote : quotes) {
            folders.computeIfAbsent(
                            "index=%s/date=%s"
                                    .formatted(quote.index(), quote.date().substring(0, letters)),
                            folder -> new StringBuilder())
                    .append(row(quote, offset++));
        }
        for (Map.Entry<String, StringBuilder> folder : folders.entrySet()) {
            Path directory = Files.createDirectories(table.resolve(folder.getKey()));
            Files.writeString(directory.resolve("part-0-0.json"), folder.getValue());
        }
    }

    /** A row as the job writes it, with its newline. */
    static String row(Quote quote, int offset) {
        String[] cells = quote.cells();
        return """
               {"trade_date":"%s","open":%s,"high":%s,"low":%s,"close":%s,"adj_close":%s,"volume":%s,"close_usd":%s,\
               "kafka_partition":0,"kafka_offset":%d,"kafka_timestamp":"2026-01-05T09:30:00.123Z"}
               """
                .formatted(
                        quote.date(),
                        cells[2],
                        cells[3],
                        cells[4],
                        cells[5],
                        cells[6],
                        cells[7].replaceFirst("\\.0$", ""),
                        cells[8].isEmpty() ? "null" : cells[8],
                        offset);
    }
}
