package io.quotelake.producer.csv;

import io.quotelake.producer.terminal.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Turns the symbols of vendors into names that can be folders of the lake: {@code ^GSPC} can't, and
 * a quote with it would be a dead letter. Symbols are renamed only as the person asks, and no two
 * of them to one name unless the person writes so.
 */
final class IndexNames {

    /** What the job takes as an index, because a folder is named after it. */
    private static final Pattern FOLDER =
            Pattern.compile("(?!.*\\.\\.)[A-Za-z0-9][A-Za-z0-9._-]{0,31}");

    private static final int LONGEST = 32;

    private final Map<String, String> told = new HashMap<>();
    private final boolean plain;
    private final Map<String, String> renamed = new LinkedHashMap<>();
    private final Map<String, String> taken = new HashMap<>();

    /**
     * @param maps {@code SYMBOL=NAME}, or files with such lines
     * @param plain whether other symbols are made names by rule
     * @throws UsageException when a map is neither
     */
    IndexNames(List<String> maps, boolean plain) {
        this.plain = plain;
        for (String map : maps) {
            if (map.contains("=")) {
                add(map);
            } else {
                readFile(map);
            }
        }
    }

    private void readFile(String file) {
        try {
            Files.readAllLines(Path.of(file)).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .forEach(this::add);
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageException(
                    "--map %s is neither SYMBOL=NAME nor a file of such lines: %s"
                            .formatted(file, e));
        }
    }

    /** The last sign of equality parts: symbols have such signs too, names don't. */
    private void add(String map) {
        int parting = map.lastIndexOf('=');
        String name = parting < 0 ? "" : map.substring(parting + 1).strip();
        if (!isFolder(name)) {
            throw new UsageException(
                    "--map '%s': write SYMBOL=NAME, with a name of 1 to 32 letters, digits, '.', '_' and '-'"
                            .formatted(map));
        }
        told.put(map.substring(0, parting).strip(), name);
    }

    /** Whether the job accepts the index. */
    static boolean isFolder(String index) {
        return FOLDER.matcher(index).matches();
    }

    /**
     * The index for a symbol; the symbol itself when nothing else was asked for.
     *
     * @throws UsageException when the rule gives two symbols the same name
     */
    String of(String symbol) {
        String name = told.get(symbol);
        if (name == null) {
            name = plain ? plain(symbol) : symbol;
            String former = taken.putIfAbsent(name, symbol);
            if (former != null && !former.equals(symbol)) {
                throw new UsageException(
                        "--plain-names makes '%s' of both '%s' and '%s': name one of them with --map '%s=NAME'"
                                .formatted(name, former, symbol, symbol));
            }
        }
        if (!name.equals(symbol)) {
            renamed.put(symbol, name);
        }
        return name;
    }

    /** What would be made of a symbol by rule; the symbol itself when it is a name already. */
    static String plain(String symbol) {
        if (isFolder(symbol)) {
            return symbol;
        }
        String plain =
                symbol.replaceAll("[^A-Za-z0-9._-]+", "_")
                        .replaceAll("\\.{2,}", ".")
                        .replaceAll("^[._-]+|[._-]+$", "");
        plain = plain.length() > LONGEST ? plain.substring(0, LONGEST) : plain;
        return isFolder(plain) ? plain : symbol;
    }

    /** The symbols that were renamed so far, with their names. */
    Map<String, String> renamed() {
        return renamed;
    }
}
