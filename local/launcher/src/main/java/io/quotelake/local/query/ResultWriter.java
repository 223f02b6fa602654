package io.quotelake.local.query;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
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
        JSON
    }

    private static final int PAGE_ROWS = 1000;

    private final Format format;
    private final PrintStream out;

    public ResultWriter(Format format, PrintStream out) {
        this.format = format;
        this.out = out;
    }

    /** Prints all rows. */
    public void write(ResultSet rows) throws SQLException {
        switch (format) {
            case TABLE -> writeTable(rows);
            case CSV -> writeCsv(rows);
            case JSON -> writeJson(rows);
        }
        out.flush();
    }

    /** Prints how many rows a statement wrote. */
    public void writeCount(long count) {
        switch (format) {
            case TABLE -> out.printf("%,d rows written%n", count);
            case CSV -> out.printf("rows%n%d%n", count);
            case JSON -> out.printf("[%n{\"rows\":%d}%n]%n", count);
        }
        out.flush();
    }

    /** An engine's message, which may have many lines, on one. */
    public static String oneLine(SQLException e) {
        return String.valueOf(e.getMessage())
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("^"))
                .collect(Collectors.joining(" "));
    }

    private void writeTable(ResultSet rows) throws SQLException {
        List<String> header = header(rows);
        List<List<Object>> page = nextPage(rows);
        int[] widths = widths(header, page);
        boolean[] right = new boolean[header.size()];
        for (int i = 0; i < right.length; i++) {
            int column = i;
            right[i] = page.stream().map(row -> row.get(column)).anyMatch(Number.class::isInstance);
        }
        line(header, widths, new boolean[right.length]);
        List<String> rule = new ArrayList<>();
        for (int width : widths) {
            rule.add("-".repeat(width));
        }
        out.println(String.join("-+-", rule));
        long count = 0;
        while (!page.isEmpty()) {
            for (List<Object> row : page) {
                line(row.stream().map(ResultWriter::text).toList(), widths, right);
            }
            count += page.size();
            page = nextPage(rows);
        }
        out.printf("(%,d %s)%n", count, count == 1 ? "row" : "rows");
    }

    private void line(List<String> cells, int[] widths, boolean[] right) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(Math.max(0, widths[i] - cells.get(i).length()));
            line.append(i == 0 ? "" : " | ")
                    .append(right[i] ? padding + cells.get(i) : cells.get(i) + padding);
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

    private static List<List<Object>> nextPage(ResultSet rows) throws SQLException {
        int columns = rows.getMetaData().getColumnCount();
        List<List<Object>> page = new ArrayList<>();
        while (page.size() < PAGE_ROWS && rows.next()) {
            List<Object> row = new ArrayList<>(columns);
            for (int i = 1; i <= columns; i++) {
                row.add(rows.getObject(i));
            }
            page.add(row);
        }
        return page;
    }

    private static String text(Object value) {
        return value == null ? "NULL" : value.toString();
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
