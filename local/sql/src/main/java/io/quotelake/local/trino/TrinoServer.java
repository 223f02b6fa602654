package io.quotelake.local.trino;

import io.quotelake.local.process.ChildProcess;
import io.quotelake.local.process.JavaCommand;
import io.quotelake.local.process.LogTail;
import io.quotelake.local.process.Orphans;
import io.quotelake.local.sql.TableDefinition;
import io.quotelake.local.stack.Installation;
import io.quotelake.local.stack.RunLock;
import io.quotelake.local.stack.StateDirectory;
import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Trino, the engine that Athena runs, as a process of its own over the files of the lake. Its
 * catalog is made anew at every start; the lake's tables are external, so nothing in the lake can
 * be written or deleted through it.
 */
public final class TrinoServer implements AutoCloseable {
    /** Trino 476 is compiled for it. */
    private static final int MIN_JDK = 24;

    private static final Duration READY_WITHIN = Duration.ofMinutes(5);
    private static final Duration ASK_EVERY = Duration.ofSeconds(1);
    private static final String ADDRESS = "127.0.0.1";
    private static final String CATALOG = "lake";
    private static final String SCHEMA = "quotelake";

    private final StateDirectory state;
    private final RunLock lock;
    private final int port;
    private ChildProcess process;

    private TrinoServer(StateDirectory state, RunLock lock, int port) {
        this.state = state;
        this.lock = lock;
        this.port = port;
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
        Jdk jdk = Jdk.atLeast(MIN_JDK);
        Path distribution = distribution(installation);
        TrinoServer server =
                new TrinoServer(state, RunLock.take(state), port == 0 ? freePort() : port);
        Thread stopAtExit = new Thread(server::close, "stop-trino");
        Runtime.getRuntime().addShutdownHook(stopAtExit);
        try {
            Orphans.end(state.run());
            server.configure(distribution);
            server.launch(jdk, distribution);
            server.awaitReadiness();
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

    /** Where it answers, with a web UI. */
    public String address() {
        return "http://" + ADDRESS + ":" + port;
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
        Properties properties = new Properties();
        properties.setProperty("user", "quotelake");
        return DriverManager.getConnection(
                "jdbc:trino://" + ADDRESS + ":" + port + "/" + CATALOG + "/" + schema, properties);
    }

    /** Finds the folders that came since the start, as a crawl does. */
    public void refresh() {
        execute(List.of(TrinoTables.refresh(SCHEMA)));
    }

    /** Completes when the process ends. */
    public void awaitEnd() {
        process.onExit().join();
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
        lock.close();
    }

    /** How Trino's file system names a directory of this machine. */
    static String location(Path path) {
        return "local://" + path.toAbsolutePath();
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

    private void configure(Path distribution) throws IOException {
        deleteRecursively(metastore());
        deleteRecursively(data());
        Files.createDirectories(metastore());
        Files.createDirectories(catalogs());
        Files.createDirectories(state.temporary());
        Files.writeString(
                configuration(),
                """
                coordinator=true
                node-scheduler.include-coordinator=true
                node.environment=quotelake
                node.id=quotelake
                node.internal-address=127.0.0.1
                node.bind-ip=127.0.0.1
                http-server.http.port=%d
                http-server.log.enabled=false
                discovery.uri=%s
                plugin.dir=%s
                catalog.config-dir=%s
                query.max-memory=250MB
                query.max-memory-per-node=250MB
                memory.heap-headroom-per-node=100MB
                """
                        .formatted(port, address(), distribution.resolve("plugin"), catalogs()));
        // Folders that a projection computes and that are not there hold no rows, as on S3.
        Files.writeString(
                catalogs().resolve(CATALOG + ".properties"),
                """
                connector.name=hive
                hive.metastore=file
                hive.metastore.catalog.dir=%s
                hive.metastore.disable-location-checks=true
                hive.partition-projection-enabled=true
                hive.ignore-absent-partitions=true
                fs.native-local.enabled=true
                local.location=/
                """
                        .formatted(location(metastore())));
    }

    private void launch(Jdk jdk, Path distribution) throws IOException {
        Path lib;
        try (Stream<Path> versions = Files.list(distribution.resolve("server"))) {
            lib = versions.findFirst().orElseThrow().resolve("lib");
        }
        JavaCommand command =
                new JavaCommand()
                        .java(jdk.java())
                        .options(
                                "-Xmx512m",
                                "-XX:+UseSerialGC",
                                "-XX:+ExitOnOutOfMemoryError",
                                "--add-modules=jdk.incubator.vector",
                                "-Djava.io.tmpdir=" + state.temporary(),
                                "-Dnode.data-dir=" + data(),
                                "-Dconfig=" + configuration())
                        .main("io.trino.server.TrinoServer", lib + "/*");
        Files.deleteIfExists(log());
        process = ChildProcess.start(command, Map.of(), log(), state.run());
    }

    /** After it says that it has started, its first queries may still find no node to run on. */
    private void awaitReadiness() {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (!answers()) {
            if (endsWithin(ASK_EVERY)) {
                throw failure("ended with exit code " + process.onExit().join());
            }
            if (System.nanoTime() > deadline) {
                throw failure("did not answer within " + READY_WITHIN.toSeconds() + " s");
            }
        }
    }

    private boolean answers() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT count(*) FROM system.runtime.nodes");
            return true;
        } catch (SQLException notYet) {
            return false;
        }
    }

    private void execute(List<String> statements) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw failure("can't make its tables: " + e.getMessage());
        }
    }

    private boolean endsWithin(Duration time) {
        try {
            process.onExit().get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.atRunTime("Interrupted while waiting for Trino");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private Failure failure(String what) {
        return Failure.atRunTime(
                "Trino %s: %s (log: %s)"
                        .formatted(what, LogTail.reason(LogTail.of(log(), 100)), log()));
    }

    private Path configuration() {
        return state.root().resolve("config.properties");
    }

    private Path catalogs() {
        return state.root().resolve("catalog");
    }

    private Path metastore() {
        return state.root().resolve("metastore");
    }

    private Path data() {
        return state.root().resolve("data");
    }

    private Path log() {
        return state.logs().resolve("trino.out");
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(ADDRESS))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteRecursively(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
