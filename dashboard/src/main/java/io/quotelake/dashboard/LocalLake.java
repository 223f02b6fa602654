package io.quotelake.dashboard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * The lake in a directory as a table of DuckDB. Each file is read once, into memory: opening a
 * hundred thousand files for each query would take a minute. The table has the hidden column {@code
 * "$path"}, as it has in Athena and Trino.
 */
final class LocalLake implements Engine {
    private static final int FILES_A_BATCH = 1_000;

    /** Athena's functions in the charts' SQL that DuckDB has under another name. */
    private static final List<String> ATHENA_FUNCTIONS =
            List.of(
                    "from_iso8601_timestamp(text) AS CAST(text AS TIMESTAMPTZ)",
                    "from_iso8601_date(text) AS CAST(text AS DATE)");

    private final Path table;
    private final String location;
    private final TableDefinition definition;
    private final LakeFiles files;
    private final DuckDBConnection connection;
    private final Map<String, String> unreadable = new ConcurrentSkipListMap<>();
    private final AtomicLong version = new AtomicLong();
    private final AtomicLong read = new AtomicLong();
    private volatile long found;
    private volatile long lookMillis;
    private boolean hadFiles;

    /**
     * Opens the table; nothing is read before {@link #refresh}.
     *
     * @param table the directory that holds {@code index=…} folders; it need not be there yet
     * @param location what the files' paths begin with, such as {@code s3://quotelake/stock_market}
     */
    LocalLake(Path table, String location, TableDefinition definition) {
        this.table = table;
        this.location = location;
        this.definition = definition;
        files = new LakeFiles(table);
        Properties properties = new Properties();
        properties.setProperty("autoinstall_known_extensions", "false");
        properties.setProperty("autoload_known_extensions", "false");
        properties.setProperty("integer_division", "true");
        properties.setProperty("memory_limit", "320MB");
        properties.setProperty("temp_directory", System.getProperty("java.io.tmpdir"));
        try {
            connection = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", properties);
            execute("CREATE TABLE stock_market (" + columns() + ", \"$path\" VARCHAR)");
            for (String function : ATHENA_FUNCTIONS) {
                execute("CREATE MACRO " + function);
            }
            execute("SET enable_external_access = false");
            execute("SET lock_configuration = true");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads the files that have come since the last call, and drops the rows of those that have
     * gone.
     *
     * @throws UnavailableException when the lake was there and is gone, or can't be read
     */
    @Override
    public synchronized void refresh() throws UnavailableException {
        try {
            LakeFiles.Changes changes = files.look();
            lookMillis = files.lookMillis();
            drop(changes.removed());
            Set<String> wanted = new HashSet<>(changes.added());
            wanted.addAll(unreadable.keySet());
            add(List.copyOf(wanted));
            hadFiles |= read.get() > 0;
        } catch (NoSuchFileException e) {
            empty();
            if (hadFiles || !Files.isDirectory(table.toAbsolutePath().getParent())) {
                throw new UnavailableException("There is no folder " + e.getFile());
            }
        } catch (IOException e) {
            throw cannotRead(e);
        } catch (SQLException e) {
            // What the table has and what it lacks is not known any more: it is read anew.
            empty();
            throw cannotRead(e);
        }
        if (!unreadable.isEmpty()) {
            Map.Entry<String, String> first = unreadable.entrySet().iterator().next();
            throw new UnavailableException(
                    "%,d files can't be read, and their rows are missing here. The first: %s: %s"
                            .formatted(unreadable.size(), first.getKey(), first.getValue()));
        }
    }

    private UnavailableException cannotRead(Exception e) {
        return new UnavailableException(
                "The lake in %s can't be read: %s"
                        .formatted(table, UnavailableException.reason(e)));
    }

    @Override
    public Reading reading() {
        long done = read.get();
        return new Reading(done, Math.max(done, found));
    }

    @Override
    public Rows query(String sql, List<Object> parameters) throws UnavailableException {
        try (Connection own = connection.duplicate();
                PreparedStatement statement = own.prepareStatement(sql)) {
            for (int i = 0; i < parameters.size(); i++) {
                statement.setObject(i + 1, parameters.get(i));
            }
            return Rows.of(statement.executeQuery());
        } catch (SQLException e) {
            throw new UnavailableException("The query failed: " + UnavailableException.reason(e));
        }
    }

    @Override
    public long version() {
        return version.get();
    }

    /**
     * A look takes longer the more folders there are; most of the time is left to who writes them.
     */
    @Override
    public Duration rest() {
        return Duration.ofMillis(Math.max(500, 4 * lookMillis));
    }

    @Override
    public String name() {
        return "DuckDB over " + table;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void empty() {
        files.forget();
        unreadable.clear();
        try {
            execute("DELETE FROM stock_market");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        found = 0;
        if (read.getAndSet(0) > 0) {
            version.incrementAndGet();
        }
    }

    private void drop(Set<String> paths) throws SQLException {
        if (paths.isEmpty()) {
            return;
        }
        execute("CREATE TEMP TABLE gone (path VARCHAR)");
        try (DuckDBAppender appender = connection.createAppender("gone")) {
            for (String path : paths) {
                appender.beginRow();
                appender.append(path(path));
                appender.endRow();
            }
        }
        execute("DELETE FROM stock_market WHERE \"$path\" IN (SELECT path FROM gone)");
        execute("DROP TABLE gone");
        read.addAndGet(-paths.stream().filter(path -> unreadable.remove(path) == null).count());
        version.incrementAndGet();
    }

    /** Several threads read and append: what they wait for is the opening of small files. */
    private void add(List<String> paths) throws SQLException {
        unreadable.clear();
        found = read.get() + paths.size();
        List<List<String>> batches = new ArrayList<>();
        for (int from = 0; from < paths.size(); from += FILES_A_BATCH) {
            batches.add(paths.subList(from, Math.min(from + FILES_A_BATCH, paths.size())));
        }
        List<SQLException> failures =
                batches.parallelStream().flatMap(batch -> appendAll(batch).stream()).toList();
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }

    private Optional<SQLException> appendAll(List<String> paths) {
        List<String> batch = new ArrayList<>(paths);
        try (DuckDBConnection own = (DuckDBConnection) connection.duplicate()) {
            while (!batch.isEmpty() && !appendAll(batch, own)) {
                batch.removeIf(unreadable::containsKey);
            }
            read.addAndGet(batch.size());
            version.incrementAndGet();
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(e);
        }
    }

    /** All or nothing: a file that can't be read is noted, and the others are tried again. */
    private boolean appendAll(List<String> batch, DuckDBConnection own) throws SQLException {
        // An appender takes no notice of JDBC's own transactions.
        execute("BEGIN TRANSACTION", own);
        boolean all = true;
        try (DuckDBAppender appender = own.createAppender("stock_market")) {
            for (String path : batch) {
                all = all && append(path, appender);
            }
        } catch (SQLException e) {
            execute("ROLLBACK", own);
            throw e;
        }
        execute(all ? "COMMIT" : "ROLLBACK", own);
        return all;
    }

    private boolean append(String path, DuckDBAppender appender) throws SQLException {
        String[] folders = path.split("/");
        String index = folders[0].substring("index=".length());
        String date = folders[1].substring("date=".length());
        String file = path(path);
        try {
            PartFile.read(
                    table.resolve(path),
                    definition.columns(),
                    values -> append(values, index, date, file, appender));
            return true;
        } catch (IOException e) {
            unreadable.put(path, UnavailableException.reason(e));
            return false;
        }
    }

    private static void append(
            Object[] values, String index, String date, String file, DuckDBAppender appender)
            throws IOException {
        try {
            appender.beginRow();
            for (Object value : values) {
                append(value, appender);
            }
            appender.append(index);
            appender.append(date);
            appender.append(file);
            appender.endRow();
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    private static void append(Object value, DuckDBAppender appender) throws SQLException {
        if (value == null) {
            appender.appendNull();
        } else if (value instanceof Double number) {
            appender.append(number.doubleValue());
        } else if (value instanceof Long number) {
            appender.append(number.longValue());
        } else if (value instanceof Integer number) {
            appender.append(number.intValue());
        } else {
            appender.append(value.toString());
        }
    }

    private String path(String below) {
        return location + "/" + below;
    }

    private String columns() {
        return Stream.concat(definition.columns().stream(), definition.partitionKeys().stream())
                .map(column -> "\"" + column.name() + "\" " + column.sqlType())
                .collect(Collectors.joining(", "));
    }

    private void execute(String sql) throws SQLException {
        execute(sql, connection);
    }

    private static void execute(String sql, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
