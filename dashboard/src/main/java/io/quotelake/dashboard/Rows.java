package io.quotelake.dashboard;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a query returns.
 *
 * @param columns the names
 * @param rows a value a column: text, number, boolean or null
 */
public record Rows(List<String> columns, List<List<Object>> rows) {

    /** Whole numbers from here on would be altered by a browser, so they travel as text. */
    private static final long MAX_EXACT = 1L << 53;

    /** Reads a result to its end. */
    static Rows of(ResultSet result) throws SQLException {
        ResultSetMetaData metadata = result.getMetaData();
        List<String> columns = new ArrayList<>();
        for (int column = 1; column <= metadata.getColumnCount(); column++) {
            columns.add(metadata.getColumnLabel(column));
        }
        List<List<Object>> rows = new ArrayList<>();
        while (result.next()) {
            List<Object> row = new ArrayList<>(columns.size());
            for (int column = 1; column <= columns.size(); column++) {
                row.add(value(result.getObject(column)));
            }
            rows.add(Collections.unmodifiableList(row));
        }
        return new Rows(columns, rows);
    }

    /** The first row's value of a column; null if there is no row. */
    Object first(String column) {
        return rows.isEmpty() ? null : rows.get(0).get(columns.indexOf(column));
    }

    /** JSON has neither NaN nor infinity. */
    static Object value(Object value) {
        if (value == null || value instanceof Boolean || value instanceof String) {
            return value;
        }
        if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            return Double.isFinite(number) ? (Object) number : null;
        }
        if (value instanceof Number number) {
            long whole = number.longValue();
            return Math.abs(whole) < MAX_EXACT ? (Object) whole : number.toString();
        }
        return value.toString();
    }
}
