package io.quotelake.local.sql;

import io.quotelake.local.sql.TableDefinition.Column;
import io.quotelake.terminal.Failure;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The lake's files as a table of DuckDB, typed as Glue's table is, with the functions that Athena
 * has and DuckDB lacks. It reads only: files can't be written, and no statement that would try is
 * passed on. {@code CREATE TABLE … AS} makes a table in memory.
 */
public final class LocalLake implements Session, AutoCloseable {
    /**
     * The end of a complete file's name: .json, .json.gz or .json.zst. What an endpoint is still
     * writing ends in a hexadecimal digit.
     */
    private static final String FILES = "index=*/date=*/part-*.js*[nzt]";

    /** DuckDB's words for a pattern that matches nothing. */
    private static final String NO_FILES = "No files found";

    /** Athena's functions that DuckDB has under another name. */
    private static final List<String> ATHENA_FUNCTIONS =
            List.of(
                    "from_iso8601_timestamp(text) AS CAST(text AS TIMESTAMPTZ)",
                    "from_iso8601_date(text) AS CAST(text AS DATE)",
                    "to_unixtime(instant) AS epoch(instant)",
                    "from_unixtime(seconds) AS to_timestamp(seconds)",
                    "to_iso8601(day) AS strftime(day, '%Y-%m-%d')",
                    "date_add(unit, number, day) AS day + number * CAST('1 ' || unit AS INTERVAL)",
                    "day_of_week(day) AS isodow(day)",
                    "day_of_month(day) AS dayofmonth(day)",
                    "day_of_year(day) AS dayofyear(day)",
                    "week_of_year(day) AS week(day)",
                    "year_of_week(day) AS isoyear(day)",
                    "date_parse(text, format) AS strptime(text, format)",
                    "date_format(instant, format) AS strftime(instant, " + strftime("format") + ")",
                    "regexp_like(text, pattern) AS regexp_matches(text, pattern)",
                    "arbitrary(x) AS any_value(x)",
                    "truncate(x) AS trunc(x)",
                    "approx_percentile(x, part) AS approx_quantile(x, part)",
                    "approx_distinct(x) AS approx_count_distinct(x)");

    private final Connection connection;
    private final boolean empty;

    private LocalLake(Connection connection, boolean empty) {
        this.connection = connection;
        this.empty = empty;
    }

    /**
     * Opens the table whose files lie in a directory.
     *
     * @param table the directory that holds {@code index=…} folders; it need not be there yet
     * @param temporary where large sorts may spill to
     */
    public static LocalLake open(Path table, TableDefinition definition, Path temporary) {
        Properties properties = new Properties();
        properties.setProperty("autoinstall_known_extensions", "false");
        properties.setProperty("autoload_known_extensions", "false");
        properties.setProperty("temp_directory", temporary.toString());
        // As in Athena 7/2 is 3.
        properties.setProperty("integer_division", "true");
        try {
            Connection connection = DriverManager.getConnection("jdbc:duckdb:", properties);
            boolean empty = createViews(connection, table.toAbsolutePath(), definition);
            for (String function : ATHENA_FUNCTIONS) {
                execute(connection, "CREATE MACRO " + function);
            }
            execute(connection, "SET allowed_directories = [" + literal(table + "/") + "]");
            execute(connection, "SET enable_external_access = false");
            execute(connection, "SET lock_configuration = true");
            return new LocalLake(connection, empty);
        } catch (SQLException e) {
            throw Failure.atRunTime(
                    "the lake at " + table + " can't be opened: " + ResultWriter.oneLine(e));
        }
    }

    /** Whether no file had been published when it was opened. */
    public boolean isEmpty() {
        return empty;
    }

    /**
     * Lets a statement pass that leaves the lake as it is.
     *
     * @throws Failure when it does anything but read, or create a table in memory
     */
    public static void demandReadOnly(SqlStatement statement) {
        if (statement.reads() || statement.createsTable() || statement.dropsTable()) {
            return;
        }
        String word = statement.firstWord();
        if (SqlStatement.WRITING.contains(word.toUpperCase(Locale.ROOT))) {
            throw Failure.ofUse(
                    "the lake is read-only here: SELECT, WITH, VALUES, SHOW, DESCRIBE, EXPLAIN and CREATE TABLE … AS SELECT (in memory) are accepted, not "
                            + word);
        }
        String meant =
                SqlStatement.nearest(word)
                        .map(keyword -> "did you mean " + keyword + "?")
                        .orElse("it begins with " + String.join(", ", SqlStatement.READING_WORDS));
        throw Failure.ofUse(
                "line 1, column 1: '%s' begins no statement: %s".formatted(word, meant));
    }

    /**
     * Runs one statement.
     *
     * @throws Failure when it is not read-only
     */
    @Override
    public void run(SqlStatement statement, ResultWriter writer) throws SQLException {
        demandReadOnly(statement);
        if (!statement.values().isEmpty()) {
            Session.runPrepared(connection, statement, writer);
            return;
        }
        try (Statement sql = connection.createStatement()) {
            if (statement.createsTable()) {
                sql.execute(statement.withoutTableProperties());
                writer.writeCount(count(sql, statement.createdTable()));
                return;
            }
            if (sql.execute(statement.text())) {
                try (ResultSet rows = sql.getResultSet()) {
                    writer.write(rows);
                }
            }
        }
    }

    private static long count(Statement sql, String table) throws SQLException {
        try (ResultSet rows = sql.executeQuery("SELECT count(*) FROM " + table)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** MySQL's letters, which Athena's formats have, where they differ from those of strftime. */
    private static String strftime(String format) {
        String changed = format;
        for (String pair : List.of("%M %B", "%i %M", "%s %S", "%h %I", "%W %A", "%T %H:%M:%S")) {
            int blank = pair.indexOf(' ');
            changed =
                    "replace(%s, %s, %s)"
                            .formatted(
                                    changed,
                                    literal(pair.substring(0, blank)),
                                    literal(pair.substring(blank + 1)));
        }
        return changed;
    }

    private static boolean createViews(
            Connection connection, Path table, TableDefinition definition) throws SQLException {
        boolean empty = false;
        try {
            createView(connection, "SELECT * FROM " + files(table, definition), definition);
        } catch (SQLException e) {
            if (!e.getMessage().contains(NO_FILES)) {
                throw e;
            }
            createView(connection, "SELECT " + nulls(definition) + " WHERE false", definition);
            empty = true;
        }
        execute(
                connection,
                "CREATE VIEW "
                        + TableDefinition.LIVE_NAME
                        + " AS SELECT * FROM "
                        + TableDefinition.NAME);
        return empty;
    }

    /** The keys come last, as they do in Athena. */
    private static void createView(Connection connection, String rows, TableDefinition definition)
            throws SQLException {
        execute(
                connection,
                "CREATE VIEW "
                        + TableDefinition.NAME
                        + " AS SELECT "
                        + names(definition.columns())
                        + ", "
                        + names(definition.partitionKeys())
                        + " FROM ("
                        + rows
                        + ")");
    }

    private static String files(Path table, TableDefinition definition) {
        return "read_json("
                + literal(table.resolve(FILES).toString())
                + ", format = 'newline_delimited', columns = "
                + types(definition.columns())
                + ", hive_partitioning = true, hive_types = "
                + types(definition.partitionKeys())
                + ")";
    }

    private static String types(List<Column> columns) {
        return columns.stream()
                .map(column -> literal(column.name()) + ": " + literal(column.sqlType()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String nulls(TableDefinition definition) {
        return Stream.concat(definition.columns().stream(), definition.partitionKeys().stream())
                .map(
                        column ->
                                "CAST(NULL AS "
                                        + column.sqlType()
                                        + ") AS \""
                                        + column.name()
                                        + "\"")
                .collect(Collectors.joining(", "));
    }

    private static String names(List<Column> columns) {
        return columns.stream()
                .map(column -> "\"" + column.name() + "\"")
                .collect(Collectors.joining(", "));
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
