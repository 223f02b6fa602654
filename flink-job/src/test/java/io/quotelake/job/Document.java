package io.quotelake.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A page of the documentation, for tests that hold it to the code. */
public record Document(String text) {

    private static final Pattern CELL_BORDER = Pattern.compile("(?<!\\\\)\\|");

    /**
     * @param path from the root of the repository
     */
    public static Document of(String path) {
        try {
            return new Document(Files.readString(Path.of("..", path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The code blocks of a language, in order, without their last newline. */
    public List<String> blocks(String language) {
        return Pattern.compile("(?ms)^```" + language + "\n(.*?)\n```$")
                .matcher(text)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    /** The rows of the first table whose head begins with this cell. */
    public List<List<String>> rows(String firstHead) {
        return text.lines()
                .dropWhile(line -> !line.startsWith("| " + firstHead + " |"))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .map(Document::cells)
                .toList();
    }

    /** The same rows, the second cell by the first. */
    public Map<String, String> table(String firstHead) {
        Map<String, String> table = new LinkedHashMap<>();
        rows(firstHead).forEach(row -> table.put(row.get(0), row.get(1)));
        return table;
    }

    private static List<String> cells(String row) {
        return Arrays.stream(CELL_BORDER.split(row, -1))
                .map(cell -> cell.trim().replace("\\|", "|"))
                .toList()
                .subList(1, (int) CELL_BORDER.matcher(row).results().count());
    }
}
