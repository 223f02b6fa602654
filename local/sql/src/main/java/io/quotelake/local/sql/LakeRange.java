package io.quotelake.local.sql;

import io.quotelake.terminal.Count;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a lake has, by the names of its folders.
 *
 * @param indices in the order of names
 * @param firstDate of any index, as the folder has it: a day, a month or a year; empty for an empty
 *     lake
 * @param lastDate of any index
 */
public record LakeRange(List<String> indices, String firstDate, String lastDate) {
    private static final int NAMED = 14;
    private static final int LETTERS_OF_YEAR = 4;
    private static final int LETTERS_OF_MONTH = 7;

    public static LakeRange of(Path table) throws IOException {
        List<String> indices = values(table, "index=");
        List<String> dates = new ArrayList<>();
        for (String index : indices) {
            dates.addAll(values(table.resolve("index=" + index), "date="));
        }
        return dates.isEmpty()
                ? new LakeRange(List.of(), "", "")
                : new LakeRange(indices, Collections.min(dates), Collections.max(dates));
    }

    boolean isEmpty() {
        return indices.isEmpty();
    }

    LocalDate from() {
        return switch (firstDate.length()) {
            case 0 -> LocalDate.EPOCH;
            case LETTERS_OF_YEAR -> LocalDate.parse(firstDate + "-01-01");
            case LETTERS_OF_MONTH -> LocalDate.parse(firstDate + "-01");
            default -> LocalDate.parse(firstDate);
        };
    }

    LocalDate to() {
        return switch (lastDate.length()) {
            case 0 -> LocalDate.EPOCH;
            case LETTERS_OF_YEAR -> LocalDate.parse(lastDate + "-12-31");
            case LETTERS_OF_MONTH -> YearMonth.parse(lastDate).atEndOfMonth();
            default -> LocalDate.parse(lastDate);
        };
    }

    @Override
    public String toString() {
        return "the lake has %s (%s) and dates from %s to %s"
                .formatted(
                        Count.of(indices.size(), "index", "indices"),
                        String.join(", ", indices.subList(0, Math.min(NAMED, indices.size()))),
                        firstDate,
                        lastDate);
    }

    private static List<String> values(Path directory, String key) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(directory)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .filter(name -> name.startsWith(key))
                    .map(name -> name.substring(key.length()))
                    .sorted()
                    .toList();
        }
    }
}
