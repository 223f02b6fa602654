package io.quotelake.local.sql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.quotelake.terminal.Count;
import io.quotelake.terminal.Sentence;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Prints what a query returned, without holding more of it than a page. */
public final class ResultWriter {
    /** How a result is printed. */
    public enum Format {
        /** Aligned columns for people; the widths are those of the first thousand rows. */
        TABLE,
        /** RFC 4180 with a header; a null is an empty field, an empty text is {@code ""}. */
        CSV,
        /** One array of objects, a line each. */
        JSON,
        /** One line a column, for rows that are wider than the terminal. */
        VERTICAL;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int PAGE_ROWS = 1000;

    /** DuckDB lists every function of the name, in up to 1,700 characters. */
    private static final Pattern CANDIDATES =
            Pattern.compile(
                    " You might need to add explicit type casts\\.| Candidate (functions|macros|bindings): .*?(?= LINE \\d+:|$)");

    private static final Pattern UNKNOWN_FUNCTION =
            Pattern.compile("does not exist!|No function matches|does not support the supplied");

    private static final int MAX_MESSAGE = 260;
    private static final int SEPARATOR = " | ".length();
    private static final int MIN_CUT_WIDTH = 8;

    private Format format;
    private final PrintStream out;
    private final int columns;
    private long rowsWritten;

    /** Prints to a file or a pipe: every column, in full. */
    public ResultWriter(Format format, PrintStream out) {
        this(format, out, 0);
    }

    /**
     * @param columns of the terminal that tables have to fit into; 0 for none
     */
    public ResultWriter(Format format, PrintStream out, int columns) {
        this.format = format;
        this.out = out;
        this.columns = columns;
    }

    /** How many rows the last result had. */
    public long rows() {
        return rowsWritten;
    }

    /** Prints all rows. */
    public void write(ResultSet rows) throws SQLException {
        rowsWritten = 0;
        switch (format) {
            case TABLE -> {
                try (Pager pager = Pager.of(out, columns > 0)) {
                    writeTable(rows, pager.stream());
                }
            }
            case VERTICAL -> {
                try (Pager pager = Pager.of(out, columns > 0)) {
                    writeVertical(rows, pager.stream());
                }
            }
            case CSV -> writeCsv(rows);
            case JSON -> writeJson(rows);
        }
        out.flush();
    }

    /** From rows to columns and back: returns a line that says which it is now. */
    String turn() {
        format = format == Format.VERTICAL ? Format.TABLE : Format.VERTICAL;
        return format == Format.VERTICAL ? "One line a column now." : "One line a row now.";
    }

    /** Prints how many rows a statement wrote. */
    public void writeCount(long count) {
        switch (format) {
            case TABLE, VERTICAL -> out.println(Count.of(count, "row") + " written");
            case CSV -> out.printf("rows%n%d%n", count);
            case JSON -> out.printf("[%n{\"rows\":%d}%n]%n", count);
        }
        out.flush();
    }

    /** An engine's message, which may have many lines, on one that is not too long. */
    public static String oneLine(SQLException e) {
        String message = String.valueOf(e.getMessage());
        String all =
                Sentence.withoutClassNames(
                        message.lines()
                                .map(String::strip)
                                .filter(each -> !each.isEmpty() && !each.startsWith("^"))
                                .collect(Collectors.joining(" ")));
        String line = CANDIDATES.matcher(all).replaceAll("");
        if (UNKNOWN_FUNCTION.matcher(line).find()) {
            line += " (./quotelake trino runs Athena's engine, with all its functions)";
        }
        return line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE - 1) + "…";
    }

    private void writeTable(ResultSet rows, PrintStream out) throws SQLException {
        List<String> header = header(rows);
        List<List<Object>> page = nextPage(rows);
        int[] widths = widths(header, page);
        int shown = fitting(widths);
        boolean[] right = new boolean[shown];
        for (int i = 0; i < right.length; i++) {
            int column = i;
            right[i] = page.stream().map(row -> row.get(column)).anyMatch(Number.class::isInstance);
        }
        line(header, widths, new boolean[shown], out);
        List<String> rule = new ArrayList<>();
        for (int i = 0; i < shown; i++) {
            rule.add("-".repeat(widths[i]));
        }
        out.println(String.join("-+-", rule));
        long count = 0;
        while (!page.isEmpty() && !out.checkError()) {
            for (List<Object> row : page) {
                line(row.stream().map(ResultWriter::text).toList(), widths, right, out);
            }
            count += page.size();
            page = nextPage(rows);
        }
        String cut =
                shown == header.size()
                        ? ""
                        : "; %d of %d columns: --format vertical, or \\x at the prompt, shows all"
                                .formatted(shown, header.size());
        out.println("(" + Count.of(count, "row") + cut + ")");
    }

    /** How many of the first columns have room on the terminal, at least one; its width is cut. */
    private int fitting(int[] widths) {
        if (columns <= 0) {
            return widths.length;
        }
        widths[0] = Math.min(widths[0], columns);
        int used = widths[0];
        int shown = 1;
        while (shown < widths.length && used + SEPARATOR + widths[shown] <= columns) {
            used += SEPARATOR + widths[shown];
            shown++;
        }
        int room = columns - used - SEPARATOR;
        if (shown < widths.length && room >= MIN_CUT_WIDTH) {
            widths[shown] = room;
            shown++;
        }
        return shown;
    }

    private static void line(List<String> cells, int[] widths, boolean[] right, PrintStream out) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < right.length; i++) {
            String cell = cells.get(i);
            if (cell.length() > widths[i] && widths[i] >= 1 && i == right.length - 1) {
                cell = cell.substring(0, widths[i] - 1) + "…";
            }
            String padding = " ".repeat(Math.max(0, widths[i] - cell.length()));
            line.append(i == 0 ? "" : " | ").append(right[i] ? padding + cell : cell + padding);
        }
        out.println(line.toString().stripTrailing());
    }

    private static int[] widths(List<String> header, List<List<Object>> page) {
        int[] widths = header.stream().mapToInt(String::length).toArray();
        for (List<Object> row : page) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], text(row.get(i)).length());
            }
        }
        return widths;
    }

    private void writeVertical(ResultSet rows, PrintStream out) throws SQLException {
        List<String> header = header(rows);
        int width = header.stream().mapToInt(String::length).max().orElse(0);
        long count = 0;
        for (List<List<Object>> page = nextPage(rows);
                !page.isEmpty() && !out.checkError();
                page = nextPage(rows)) {
            for (List<Object> row : page) {
                count++;
                out.println("-- row " + count);
                for (int i = 0; i < header.size(); i++) {
                    String name = header.get(i);
                    out.println(
                            name + " ".repeat(width - name.length()) + " | " + text(row.get(i)));
                }
            }
        }
        out.println("(" + Count.of(count, "row") + ")");
    }

    private void writeCsv(ResultSet rows) throws SQLException {
        out.println(header(rows).stream().map(ResultWriter::csv).collect(Collectors.joining(",")));
        for (List<List<Object>> page = nextPage(rows); !page.isEmpty(); page = nextPage(rows)) {
            for (List<Object> row : page) {
                out.println(row.stream().map(ResultWriter::csv).collect(Collectors.joining(",")));
            }
        }
    }

    private void writeJson(ResultSet rows) throws SQLException {
        List<String> header = header(rows);
        try (JsonGenerator json =
                new JsonFactory()
                        .createGenerator(out)
                        .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
            json.setPrettyPrinter(new LinePrinter());
            json.writeStartArray();
            for (List<List<Object>> page = nextPage(rows); !page.isEmpty(); page = nextPage(rows)) {
                for (List<Object> row : page) {
                    json.writeStartObject();
                    for (int i = 0; i < header.size(); i++) {
                        json.writeFieldName(header.get(i));
                        writeValue(json, row.get(i));
                    }
                    json.writeEndObject();
                }
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.println();
    }

    private static void writeValue(JsonGenerator json, Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else if (value instanceof Double || value instanceof Float) {
            json.writeNumber(((Number) value).doubleValue());
        } else if (value instanceof BigInteger || value instanceof BigDecimal) {
            json.writeNumber(value.toString());
        } else if (value instanceof Number number) {
            json.writeNumber(number.longValue());
        } else {
            json.writeString(value.toString());
        }
    }

    private static List<String> header(ResultSet rows) throws SQLException {
        ResultSetMetaData meta = rows.getMetaData();
        List<String> header = new ArrayList<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            header.add(meta.getColumnLabel(i));
        }
        return header;
    }

    private List<List<Object>> nextPage(ResultSet rows) throws SQLException {
        int columns = rows.getMetaData().getColumnCount();
        List<List<Object>> page = new ArrayList<>();
        while (page.size() < PAGE_ROWS && rows.next()) {
            rowsWritten++;
            List<Object> row = new ArrayList<>(columns);
            for (int i = 1; i <= columns; i++) {
                row.add(rows.getObject(i));
            }
            page.add(row);
        }
        return page;
    }

    /** What would steer a terminal or break the row is shown as Java spells it. */
    private static String text(Object value) {
        String text = value == null ? "NULL" : value.toString();
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints()
                .forEach(
                        c -> {
                            int type = Character.getType(c);
                            if (c == '\n') {
                                shown.append("\\n");
                            } else if (c == '\t') {
                                shown.append("\\t");
                            } else if (type == Character.CONTROL
                                    || type == Character.FORMAT
                                    || type == Character.LINE_SEPARATOR
                                    || type == Character.PARAGRAPH_SEPARATOR) {
                                shown.append(String.format(Locale.ROOT, "\\u%04x", c));
                            } else {
                                shown.appendCodePoint(c);
                            }
                        });
        return shown.toString();
    }

    private static String csv(Object value) {
        if (value == null) {
            return "";
        }
        String text = value.toString();
        boolean quoted = text.isEmpty() || text.chars().anyMatch(c -> "\",\r\n".indexOf(c) >= 0);
        return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
