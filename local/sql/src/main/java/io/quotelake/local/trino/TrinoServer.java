package io.quotelake.local.trino;

import io.quotelake.local.process.LogTail;
import io.quotelake.local.process.Orphans;
import io.quotelake.local.sql.TableDefinition;
import io.quotelake.local.stack.Installation;
import io.quotelake.local.stack.RunLock;
import io.quotelake.local.stack.StateDirectory;
import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Trino, the engine that Athena runs, as a process of its own over the files of the lake. The
 * lake's tables are external, so nothing in the lake can be written or deleted through it.
 */
public final class TrinoServer implements AutoCloseable {
    /** Trino 476 is compiled for it. */
    private static final int MIN_JDK = 24;

    private static final String SCHEMA = "quotelake";

    private final TrinoProcess process;
    private final RunLock lock;

    private TrinoServer(TrinoProcess process, RunLock lock) {
        this.process = process;
        this.lock = lock;
    }

    /**
     * Looks whether it could be started, and writes nothing.
     *
     * @throws Failure when there is no JDK 24, or when Trino was not fetched
     */
    public static void demandInstalled(Installation installation) {
        Jdk.atLeast(MIN_JDK);
        distribution(installation);
    }

    /**
     * Starts it and makes both tables.
     *
     * @param state where it keeps its catalog and its log; one server at a time
     * @param table the directory that holds {@code index=…} folders; it need not be there yet
     * @param port where it listens on 127.0.0.1; 0 for any free port
     * @throws Failure when there is no JDK 24, when Trino was not fetched, or when it doesn't start
     */
    public static TrinoServer start(
            Installation installation, StateDirectory state, Path table, int port) {
        TrinoProcess process =
                new TrinoProcess(Jdk.atLeast(MIN_JDK), distribution(installation), state, port);
        TrinoServer server = new TrinoServer(process, RunLock.take(state));
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop-trino"));
        try {
            Orphans.end(state.run());
            process.start();
            server.create(SCHEMA, TableDefinition.of(installation), table);
            return server;
        } catch (IOException e) {
            server.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    private static Path distribution(Installation installation) {
        Path target = installation.home().resolve("local/trino/target");
        if (!Files.isDirectory(target.resolve("server"))
                || !Files.isDirectory(target.resolve("plugin"))) {
            throw Failure.ofUse(
                    "Trino is not here yet: fetch it, some 450 MB once, with `mvn -Ptrino -DskipTests package`");
        }
        return target;
    }

    /** Where it answers, with a web UI. */
    public String address() {
        return process.address();
    }

    /** Makes both tables of a lake in a schema of its own. */
    public void create(String schema, TableDefinition definition, Path table) throws IOException {
        Files.createDirectories(table);
        execute(new TrinoTables(definition, schema, table).statements());
    }

    /** A new connection, with the lake's schema in use. */
    public Connection connect() throws SQLException {
        return connect(SCHEMA);
    }

    /** A new connection, with a schema in use. */
    public Connection connect(String schema) throws SQLException {
        return process.connect(schema);
    }

    /** Finds the folders that came since the start, as a crawl does. */
    public void refresh() {
        execute(List.of(TrinoTables.refresh(SCHEMA)));
    }

    private void execute(List<String> statements) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw Failure.atRunTime(
                    "Trino can't make its tables: %s: %s (log: %s)"
                            .formatted(
                                    e.getMessage(),
                                    LogTail.reason(process.logTail()),
                                    process.output()));
        }
    }

    /** Completes when the process ends. */
    public void awaitEnd() {
        process.process().onExit().join();
    }

    @Override
    public void close() {
        process.close();
        lock.close();
    }
}
