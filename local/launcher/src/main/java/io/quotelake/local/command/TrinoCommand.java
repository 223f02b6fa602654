package io.quotelake.local.command;

import io.quotelake.local.sql.SqlConversation;
import io.quotelake.local.sql.SqlStatement;
import io.quotelake.local.sql.TableDefinition;
import io.quotelake.local.stack.StateDirectory;
import io.quotelake.local.stack.Workspace;
import io.quotelake.local.trino.TrinoServer;
import io.quotelake.local.trino.TrinoSession;
import io.quotelake.terminal.Failure;
import io.quotelake.terminal.HelpOption;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Athena's engine on the local lake. */
@Command(
        name = "trino",
        sortOptions = false,
        description =
                "Start Trino, the engine that Athena runs, on the local lake, with both tables as Glue has them.",
        footer = {
            "",
            "With SQL it answers and ends. Without, it opens a prompt on a terminal; elsewhere it stays up until Ctrl-C.",
            "It needs a JDK 24 or newer beside the one that runs this, and once: mvn -Ptrino -DskipTests package"
        })
public final class TrinoCommand implements Callable<Integer> {
    @Mixin private HelpOption help;
    @Mixin private SqlMixin sql;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            converter = PortConverter.class,
            description = "Port of the server and its web UI (default: any free one).")
    private int port;

    @Override
    public Integer call() throws IOException, SQLException {
        Workspace workspace = Workspace.current();
        Path table = sql.tableDirectory(workspace);
        List<SqlStatement> given = sql.isWithoutSql() ? List.of() : sql.statements(table);
        StateDirectory state = new StateDirectory(workspace.state().root().resolve("trino"));
        TrinoServer.demandInstalled(workspace.installation());
        System.err.println("Starting Trino, which takes some 20 s");
        try (TrinoServer trino = TrinoServer.start(workspace.installation(), state, table, port);
                Connection connection = trino.connect()) {
            SqlConversation conversation =
                    new SqlConversation(new TrinoSession(connection), sql.writer());
            if (!given.isEmpty()) {
                conversation.run(given);
                return 0;
            }
            System.err.println(
                    "Trino answers on "
                            + trino.address()
                            + " (any user name); the tables are in lake.quotelake");
            if (sql.wantsPrompt()) {
                conversation.prompt(
                        TableDefinition.of(workspace.installation()),
                        workspace.state().root().resolve("sql-history"));
                return 0;
            }
            System.err.println("Stop with Ctrl-C");
            trino.awaitEnd();
            throw Failure.atRunTime("Trino has ended: see " + state.logs());
        }
    }
}
