package io.quotelake.local.trino;

import io.quotelake.local.process.JavaCommand;
import io.quotelake.local.stack.Ports;
import io.quotelake.local.stack.Service;
import io.quotelake.local.stack.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.stream.Stream;

/** Trino's process, with a catalog that is made anew at every start. */
final class TrinoProcess extends Service {
    private static final String CATALOG = "lake";

    private final Jdk jdk;
    private final Path distribution;
    private final int wantedPort;
    private int port;

    /**
     * @param distribution the directory with Trino's libraries and plugins
     * @param wantedPort where it listens on 127.0.0.1; 0 for any free port
     */
    TrinoProcess(Jdk jdk, Path distribution, StateDirectory state, int wantedPort) {
        super("Trino", "trino", state);
        this.jdk = jdk;
        this.distribution = distribution;
        this.wantedPort = wantedPort;
    }

    @Override
    public String address() {
        return "http://" + Ports.ADDRESS + ":" + port;
    }

    /** A new connection, with a schema in use. */
    Connection connect(String schema) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "quotelake");
        return DriverManager.getConnection(
                "jdbc:trino://%s:%d/%s/%s".formatted(Ports.ADDRESS, port, CATALOG, schema),
                properties);
    }

    @Override
    protected void choosePorts() {
        port = wantedPort == 0 ? Ports.free() : wantedPort;
    }

    @Override
    protected JavaCommand command() throws IOException {
        configure();
        Path lib;
        try (Stream<Path> versions = Files.list(distribution.resolve("server"))) {
            lib = versions.findFirst().orElseThrow().resolve("lib");
        }
        return new JavaCommand()
                .java(jdk.java())
                .options(
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "--add-modules=jdk.incubator.vector",
                        "-Djava.io.tmpdir=" + state().temporary(),
                        "-Dnode.data-dir=" + data(),
                        "-Dconfig=" + configuration())
                .main("io.trino.server.TrinoServer", lib + "/*");
    }

    private void configure() throws IOException {
        StateDirectory.delete(metastore());
        StateDirectory.delete(data());
        Files.createDirectories(metastore());
        Files.createDirectories(catalogs());
        Files.createDirectories(state().temporary());
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
                        .formatted(TrinoTables.location(metastore())));
    }

    /** After it says that it has started, its first queries may still find no node to run on. */
    @Override
    public boolean answers() {
        try (Connection connection = connect("information_schema");
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT count(*) FROM system.runtime.nodes");
            return true;
        } catch (SQLException notYet) {
            return false;
        }
    }

    private Path configuration() {
        return state().root().resolve("config.properties");
    }

    private Path catalogs() {
        return state().root().resolve("catalog");
    }

    private Path metastore() {
        return state().root().resolve("metastore");
    }

    private Path data() {
        return state().root().resolve("data");
    }
}
