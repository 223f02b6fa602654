package io.quotelake.producer.csv;

import io.quotelake.producer.csv.ColumnNames.Meaning;
import io.quotelake.producer.terminal.UsageException;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Finds separator and header in the beginning of a file. Exports have titles and remarks above
 * their header, two or three lines of it, the date in a column without a name, or the index beside
 * the field in each name: the line is taken that names the most fields of a quote, a date and a
 * price among them.
 */
final class HeaderFinder {

    private static final char[] SEPARATORS = {',', ';', '\t', '|'};
    private static final int MAX_ROWS = 100;

    /** The names that data frames give the column of their row labels. */
    private static final Set<String> ROW_LABELS =
            Set.of("", "index", "unnamed0", "level0", "x", "rownames", "rn", "no", "id");

    /** What stands in the corner of a data frame whose columns have two names. */
    private static final Set<String> CORNERS =
            Set.of("", "price", "attributes", "ticker", "tickers", "symbol", "symbols", "date");

    private final String file;
    private final Map<Field, String> told;
    private final List<String> toldHeader;

    /**
     * @param file the file's name, for messages
     * @param told which column is which field, as the person said
     * @param toldHeader the header that the person gave, or an empty list
     */
    HeaderFinder(String file, Map<Field, String> told, List<String> toldHeader) {
        this.file = file;
        this.told = told;
        this.toldHeader = toldHeader;
    }

    /** One reading of the text: its rows when this is the separator. */
    private record Rows(char separator, List<List<String>> rows) {

        List<String> row(int number) {
            return number < rows.size() ? rows.get(number) : List.of();
        }

        List<List<String>> from(int number) {
            return rows.subList(Math.min(number, rows.size()), rows.size()).stream()
                    .filter(row -> row.stream().anyMatch(cell -> !cell.isEmpty()))
                    .toList();
        }
    }

    /** A row that may be the header. */
    private record Candidate(Rows rows, int row, int fields) {}

    /**
     * @param text the visible lines of the file
     * @return empty when the text has no header
     * @throws UsageException when the header is ambiguous
     */
    Optional<Head> find(String text) throws IOException {
        List<Rows> readings = new ArrayList<>();
        for (char separator : SEPARATORS) {
            readings.add(read(text, separator));
        }
        if (!toldHeader.isEmpty()) {
            return withToldHeader(readings);
        }
        for (Rows rows : readings) {
            Optional<Head> head = ofDataFrame(rows);
            if (head.isPresent()) {
                return head;
            }
        }
        Candidate best = null;
        for (Rows rows : readings) {
            for (int i = 0; i < rows.rows.size(); i++) {
                int fields = fields(rows, i);
                if (fields > (best == null ? 1 : best.fields)) {
                    best = new Candidate(rows, i, fields);
                }
            }
        }
        return best == null ? Optional.empty() : Optional.of(head(best));
    }

    private Rows read(String text, char separator) throws IOException {
        List<List<String>> list = new ArrayList<>();
        try (CsvRows rows = new CsvRows(file, new StringReader(text), separator)) {
            CsvRow row;
            while (list.size() < MAX_ROWS && (row = rows.next()) != null) {
                list.add(row.strings());
            }
        }
        return new Rows(separator, list);
    }

    /** How many fields the row names, or 0 when it can't be the header. */
    private int fields(Rows rows, int number) {
        List<String> row = rows.row(number);
        EnumSet<Field> fields = EnumSet.noneOf(Field.class);
        for (String name : row) {
            Meaning meaning = ColumnNames.meaning(name);
            if (meaning != null) {
                fields.add(meaning.field());
            }
        }
        told.forEach(
                (field, name) -> {
                    if (row.stream().anyMatch(cell -> isSame(cell, name))) {
                        fields.add(field);
                    }
                });
        int beside = byIndex(row).values().stream().mapToInt(Map::size).max().orElse(0);
        boolean hasPrice = beside > 0 || fields.stream().anyMatch(Field::isPrice);
        boolean hasDate = fields.contains(Field.DATE) || dateCell(row, rows.from(number + 1)) >= 0;
        return hasPrice && hasDate ? fields.size() + beside : 0;
    }

    private static boolean isSame(String cell, String name) {
        return cell.equals(name) || ColumnNames.plain(cell).equals(ColumnNames.plain(name));
    }

    private Head head(Candidate candidate) {
        List<String> header = candidate.rows.row(candidate.row);
        List<List<String>> sample = candidate.rows.from(candidate.row + 1);
        return new Head(
                candidate.rows.separator, candidate.row + 1, columns(header, sample), sample);
    }

    private List<Columns> columns(List<String> header, List<List<String>> sample) {
        List<String> names = withoutRowLabels(header, sample);
        Columns columns = Columns.match(names, told);
        if (!columns.has(Field.DATE)) {
            columns = columns.with(Field.DATE, dateCell(names, sample));
        }
        if (columns.cell(Field.INDEX) == columns.cell(Field.DATE)) {
            columns = columns.with(Field.INDEX, -1);
        }
        if (columns.hasPrice()) {
            return List.of(columns);
        }
        List<Columns> each = new ArrayList<>();
        for (Map.Entry<String, Map<Field, Integer>> index : byIndex(names).entrySet()) {
            Columns own = columns.with(Field.INDEX, -1).ofIndex(index.getKey());
            for (Map.Entry<Field, Integer> cell : index.getValue().entrySet()) {
                own = own.with(cell.getKey(), cell.getValue());
            }
            each.add(own);
        }
        return each.isEmpty() ? List.of(columns) : List.copyOf(each);
    }

    /** A column that counts the rows is no index, whatever its name. */
    private List<String> withoutRowLabels(List<String> header, List<List<String>> sample) {
        if (told.containsKey(Field.INDEX)) {
            return header;
        }
        List<String> names = new ArrayList<>(header);
        for (int cell = 0; cell < names.size(); cell++) {
            if (ROW_LABELS.contains(ColumnNames.plain(names.get(cell))) && isCount(sample, cell)) {
                names.set(cell, "");
            }
        }
        return names;
    }

    /** Whole numbers, no two alike; a single number counts rows if it is 0 or 1. */
    private static boolean isCount(List<List<String>> sample, int cell) {
        List<String> values =
                sample.stream().filter(row -> cell < row.size()).map(row -> row.get(cell)).toList();
        if (values.isEmpty()
                || !values.stream().allMatch(value -> value.matches("\\d{1,9}(\\.0)?"))) {
            return false;
        }
        return values.stream().distinct().count() == values.size()
                && (values.size() > 1 || values.get(0).matches("[01](\\.0)?"));
    }

    /** The first column of row labels that holds nothing but dates, or a negative number. */
    private static int dateCell(List<String> header, List<List<String>> sample) {
        return IntStream.range(0, header.size())
                .filter(cell -> isRowLabel(header.get(cell)))
                .filter(cell -> !sample.isEmpty())
                .filter(
                        cell ->
                                sample.stream()
                                        .limit(3)
                                        .allMatch(
                                                row ->
                                                        cell < row.size()
                                                                && DateEvidence.isDate(
                                                                        row.get(cell))))
                .findFirst()
                .orElse(-1);
    }

    private static boolean isRowLabel(String name) {
        String plain = ColumnNames.plain(name);
        return ROW_LABELS.contains(plain) || CORNERS.contains(plain);
    }

    /** Names such as {@code GSPC.Open}, {@code Open_AAPL} and {@code ('Open', 'AAPL')}. */
    private static Map<String, Map<Field, Integer>> byIndex(List<String> header) {
        Map<String, Map<Field, Integer>> byIndex = new LinkedHashMap<>();
        for (int cell = 0; cell < header.size(); cell++) {
            String name = header.get(cell).replaceAll("^\\(|\\)$|'", "");
            int longest = 0;
            String index = null;
            Field field = null;
            for (int at = 1; at + 1 < name.length(); at++) {
                if ("._,|:".indexOf(name.charAt(at)) < 0) {
                    continue;
                }
                String left = name.substring(0, at).strip();
                String right = name.substring(at + 1).strip();
                if (left.length() > longest && isFieldBeside(left, right)) {
                    longest = left.length();
                    field = ColumnNames.meaning(left).field();
                    index = right;
                }
                if (right.length() > longest && isFieldBeside(right, left)) {
                    longest = right.length();
                    field = ColumnNames.meaning(right).field();
                    index = left;
                }
            }
            if (field != null) {
                byIndex.computeIfAbsent(index, key -> new LinkedHashMap<>())
                        .putIfAbsent(field, cell);
            }
        }
        byIndex.values().removeIf(fields -> !fields.containsKey(Field.CLOSE));
        return byIndex;
    }

    /**
     * A symbol has no small letters, a field's name has: {@code Day_Open} doesn't name an index
     * "Day".
     */
    private static boolean isFieldBeside(String name, String symbol) {
        Meaning meaning = ColumnNames.meaning(name);
        return meaning != null
                && meaning.rank() <= 1
                && meaning.field().isNumber()
                && !name.equals(name.toUpperCase(Locale.ROOT))
                && symbol.matches("[A-Z0-9^.=&-]+")
                && symbol.matches(".*[A-Z0-9].*");
    }

    /**
     * The header of a data frame whose columns have two names, field and ticker, in two rows,
     * mostly with a third row that names the row labels.
     */
    private Optional<Head> ofDataFrame(Rows rows) {
        for (int i = 0; i + 2 < rows.rows.size(); i++) {
            List<String> first = rows.row(i);
            List<String> second = rows.row(i + 1);
            List<String> third = rows.row(i + 2);
            if (first.size() < 3 || first.size() != second.size() || third.isEmpty()) {
                continue;
            }
            boolean named = isRowLabelLine(third);
            if (!named && !DateEvidence.isDate(third.get(0))) {
                continue;
            }
            boolean fieldsFirst = areFields(first) && areTickers(second);
            boolean tickersFirst = areFields(second) && areTickers(first);
            if (fieldsFirst || tickersFirst) {
                int before = i + (named ? 3 : 2);
                return Optional.of(
                        new Head(
                                rows.separator,
                                before,
                                fieldsFirst ? frame(first, second) : frame(second, first),
                                rows.from(before)));
            }
        }
        return Optional.empty();
    }

    private static boolean isRowLabelLine(List<String> row) {
        Meaning meaning = ColumnNames.meaning(row.get(0));
        return meaning != null
                && meaning.field() == Field.DATE
                && row.stream().skip(1).allMatch(String::isEmpty);
    }

    private static boolean areFields(List<String> row) {
        return row.stream()
                        .skip(1)
                        .map(ColumnNames::meaning)
                        .allMatch(meaning -> meaning != null && meaning.field().isNumber())
                && row.stream()
                        .skip(1)
                        .map(ColumnNames::meaning)
                        .anyMatch(meaning -> meaning.field() == Field.CLOSE);
    }

    private static boolean areTickers(List<String> row) {
        return CORNERS.contains(ColumnNames.plain(row.get(0)))
                && row.stream()
                        .skip(1)
                        .allMatch(
                                cell ->
                                        !cell.isEmpty()
                                                && !cell.matches("[+-]?[\\d.,]+")
                                                && !DateEvidence.isDate(cell));
    }

    private List<Columns> frame(List<String> fields, List<String> tickers) {
        List<String> header = new ArrayList<>();
        header.add("Date");
        for (int cell = 1; cell < fields.size(); cell++) {
            header.add(fields.get(cell) + "_" + tickers.get(cell));
        }
        List<Columns> each = new ArrayList<>();
        for (String ticker : new LinkedHashSet<>(tickers.subList(1, tickers.size()))) {
            List<String> own = new ArrayList<>();
            own.add("Date");
            for (int cell = 1; cell < fields.size(); cell++) {
                own.add(tickers.get(cell).equals(ticker) ? fields.get(cell) : "");
            }
            each.add(Columns.match(own, Map.of()).named(header).ofIndex(ticker));
        }
        return List.copyOf(each);
    }

    private Optional<Head> withToldHeader(List<Rows> readings) {
        for (Rows rows : readings) {
            int width = toldHeader.size();
            boolean fits = rows.from(0).stream().limit(3).allMatch(row -> row.size() == width);
            if (fits && !rows.rows.isEmpty()) {
                Columns columns = Columns.match(toldHeader, told);
                int date = columns.cell(Field.DATE);
                boolean hasOwn = date >= 0 && !DateEvidence.isDate(rows.row(0).get(date));
                int before = hasOwn ? 1 : 0;
                return Optional.of(
                        new Head(rows.separator, before, List.of(columns), rows.from(before)));
            }
        }
        throw new UsageException(
                "%s: the rows don't have the %d cells that --header names; the first reads '%s'"
                        .formatted(file, toldHeader.size(), firstLine(readings)));
    }

    /**
     * Why there is no quote in the file, for the case that {@link #find} has found no header.
     *
     * @param text the visible lines of the file
     */
    UsageException complaint(String text) throws IOException {
        String begin = text.stripLeading();
        if (begin.startsWith("{") || begin.startsWith("[")) {
            return new UsageException(file + " is JSON: save it as CSV");
        }
        if (begin.startsWith("<!") || begin.regionMatches(true, 0, "<html", 0, 5)) {
            return new UsageException(
                    file + " is a page of HTML, perhaps an error of the site it came from");
        }
        if (begin.isEmpty()) {
            return new UsageException(file + " is empty: a CSV file with a header is needed");
        }
        List<Rows> readings = new ArrayList<>();
        for (char separator : SEPARATORS) {
            readings.add(read(text, separator));
        }
        Rows widest = readings.get(0);
        for (Rows rows : readings) {
            if (rows.row(0).size() > widest.row(0).size()) {
                widest = rows;
            }
        }
        List<String> first = widest.row(0);
        if (first.stream().anyMatch(DateEvidence::isDate)) {
            return new UsageException(
                    "%s begins with a row of quotes, and no header names its columns (the first line reads '%s'): name the %d columns in their order, such as --header Index,Date,Open,High,Low,Close,Volume"
                            .formatted(file, firstLine(readings), first.size()));
        }
        Meaning meaning = ColumnNames.meaning(first.get(0));
        if (first.size() == 2 && meaning != null && meaning.field() == Field.DATE) {
            String name = first.get(1);
            return new UsageException(
                    "%s has one value a day, '%s', and a quote has four: if it stands for all of them, add --columns open=%s,high=%s,low=%s,close=%s --missing-volume 0 --as-index NAME"
                            .formatted(file, name, name, name, name, name));
        }
        return new UsageException(
                "%s has no line that names a date and a price; the first reads '%s': name the columns with --columns date=NAME,open=NAME,high=NAME,low=NAME,close=NAME,volume=NAME"
                        .formatted(file, firstLine(readings)));
    }

    private static String firstLine(List<Rows> readings) {
        String line = String.join(",", readings.get(readings.size() - 1).row(0));
        return line.length() <= 120 ? line : line.substring(0, 120) + "…";
    }
}
