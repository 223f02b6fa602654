package io.quotelake.system.sql;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A CSV file of quotes without faulty rows, read without the project's code.
 *
 * @param rows the cells by the names of their columns
 */
record CsvFile(List<Map<String, String>> rows) {
    private static final List<String> PRICES = List.of("Open", "High", "Low", "Close");

    static CsvFile read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        String[] names = lines.get(0).split(",");
        return new CsvFile(lines.stream().skip(1).map(line -> row(names, line)).toList());
    }

    private static Map<String, String> row(String[] names, String line) {
        String[] cells = line.split(",", -1);
        Map<String, String> row = new HashMap<>();
        for (int i = 0; i < names.length; i++) {
            row.put(names[i], cells[i]);
        }
        return row;
    }

    /** How many rows an index has between two days, both included. */
    long count(String index, String from, String to) {
        return rows.stream()
                .filter(row -> row.get("Index").equals(index))
                .filter(row -> row.get("Date").compareTo(from) >= 0)
                .filter(row -> row.get("Date").compareTo(to) <= 0)
                .count();
    }

    /** How many indices there are. */
    long indices() {
        return rows.stream().map(row -> row.get("Index")).distinct().count();
    }

    /**
     * Every value of every row as it must come back, a line a row, sorted: index, date, open, high,
     * low, close, adj_close, volume, close_usd.
     */
    List<String> values() {
        return rows.stream().map(CsvFile::values).sorted().toList();
    }

    private static String values(Map<String, String> row) {
        Stream<String> key = Stream.of(row.get("Index"), row.get("Date"));
        Stream<String> prices = PRICES.stream().map(name -> number(row.get(name)));
        Stream<String> others =
                Stream.of(
                        number(row.get("Adj Close")),
                        Long.toString(new BigDecimal(row.get("Volume")).longValueExact()),
                        number(row.getOrDefault("CloseUSD", "")));
        return String.join(",", Stream.of(key, prices, others).flatMap(cells -> cells).toList());
    }

    private static String number(String cell) {
        return cell.isEmpty() || cell.equals("null") || cell.equals("NaN")
                ? "null"
                : Double.toString(Double.parseDouble(cell));
    }
}
