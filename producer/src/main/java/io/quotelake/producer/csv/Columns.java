package io.quotelake.producer.csv;

import io.quotelake.producer.csv.ColumnNames.Meaning;
import io.quotelake.producer.terminal.UsageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where the fields of one quote stand in the rows of a file. A file that has several indices beside
 * each other in one row has one of these for each of them.
 */
final class Columns {

    private static final int ABSENT = -1;

    /** What data frames make of a second column of one name. */
    private static final Pattern COUNTED = Pattern.compile("(.+)\\.\\d+");

    private final List<String> header;
    private final int[] cells;
    private final String index;

    /**
     * @param header the names of all columns
     * @param cells the cell of each field, by ordinal, or a negative number
     * @param index the index of all rows, or null when a column says it
     */
    private Columns(List<String> header, int[] cells, String index) {
        this.header = header;
        this.cells = cells;
        this.index = index;
    }

    /**
     * Finds the columns by their names: those that were told by option, then the exact names, then
     * the usual ones, then the others.
     *
     * @param told what the person said, which column is what: its name, or #3 for the third one
     * @throws UsageException when two columns claim a field with equal right, or one that was told
     *     isn't there
     */
    static Columns match(List<String> header, Map<Field, String> told) {
        int[] cells = new int[Field.values().length];
        int[] ranks = new int[cells.length];
        Arrays.fill(cells, ABSENT);
        for (int cell = 0; cell < header.size(); cell++) {
            Meaning meaning = meaning(header.get(cell));
            if (meaning == null || told.containsKey(meaning.field())) {
                continue;
            }
            int field = meaning.field().ordinal();
            if (cells[field] != ABSENT && ranks[field] == meaning.rank()) {
                throw ambiguous(meaning.field(), header, cells[field], cell);
            }
            if (cells[field] == ABSENT || meaning.rank() < ranks[field]) {
                cells[field] = cell;
                ranks[field] = meaning.rank();
            }
        }
        told.forEach((field, name) -> cells[field.ordinal()] = cell(header, field, name));
        return new Columns(List.copyOf(header), cells, null);
    }

    private static Meaning meaning(String name) {
        var counted = COUNTED.matcher(name);
        return ColumnNames.meaning(counted.matches() ? counted.group(1) : name);
    }

    /** The cell of a column by its name or number, as options give it. */
    private static int cell(List<String> header, Field field, String name) {
        if (name.matches("#\\d{1,4}")) {
            int cell = Integer.parseInt(name.substring(1)) - 1;
            if (cell >= 0 && cell < header.size()) {
                return cell;
            }
        }
        int cell = header.indexOf(name);
        for (int i = 0; cell < 0 && i < header.size(); i++) {
            cell = ColumnNames.plain(header.get(i)).equals(ColumnNames.plain(name)) ? i : ABSENT;
        }
        if (cell < 0) {
            throw new UsageException(
                    "--columns %s=%s: there is no such column; there are %s"
                            .formatted(field.jsonName(), name, quoted(header)));
        }
        return cell;
    }

    private static UsageException ambiguous(
            Field field, List<String> header, int first, int second) {
        String one = header.get(first);
        String other = header.get(second);
        boolean same = one.equals(other);
        return new UsageException(
                "the columns '%s' and '%s' could both be %s: say which with --columns %s='%s'"
                        .formatted(
                                one,
                                other,
                                field.jsonName(),
                                field.jsonName(),
                                same ? "#" + (first + 1) : one));
    }

    /** The same columns, but the index is this one for all rows. */
    Columns ofIndex(String name) {
        int[] others = cells.clone();
        others[Field.INDEX.ordinal()] = ABSENT;
        return new Columns(header, others, name);
    }

    /** The same columns in a file whose header reads like this. */
    Columns named(List<String> names) {
        return new Columns(List.copyOf(names), cells, index);
    }

    /** The same columns, but the field is in this cell, or in none. */
    Columns with(Field field, int cell) {
        int[] others = cells.clone();
        others[field.ordinal()] = cell;
        return new Columns(header, others, index);
    }

    /** The cell of the field in each row, or a negative number when the file has no such column. */
    int cell(Field field) {
        return cells[field.ordinal()];
    }

    boolean has(Field field) {
        return cell(field) >= 0;
    }

    /** The index of all rows, or null when a column says it. */
    String index() {
        return index;
    }

    List<String> header() {
        return header;
    }

    boolean hasPrice() {
        return Arrays.stream(Field.values()).anyMatch(field -> field.isPrice() && has(field));
    }

    /** The required fields that no column gives. */
    List<Field> missing() {
        return Arrays.stream(Field.values())
                .filter(field -> field.isRequired() && !has(field))
                .filter(field -> field != Field.INDEX || index == null)
                .toList();
    }

    /** Which column is which field, in the words of the option. */
    String describe() {
        return Arrays.stream(Field.values())
                .filter(this::has)
                .map(field -> field.jsonName() + "=" + name(cell(field)))
                .collect(Collectors.joining(" "));
    }

    private String name(int cell) {
        String name = header.get(cell);
        return name.isEmpty() ? "#" + (cell + 1) : name.contains(" ") ? "'" + name + "'" : name;
    }

    /** The names of the columns that no field is taken from. */
    List<String> leftAlone() {
        List<String> others = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) {
            int cell = i;
            if (Arrays.stream(cells).noneMatch(used -> used == cell) && !header.get(i).isEmpty()) {
                others.add(header.get(i));
            }
        }
        return others;
    }

    /** Names for a message: all of them, unless they are very many. */
    static String quoted(List<String> names) {
        int most = 20;
        return names.stream()
                        .limit(most)
                        .map(name -> "'" + name + "'")
                        .collect(Collectors.joining(", "))
                + (names.size() > most ? ", …" : "");
    }
}
