package io.quotelake.local.command;

import io.quotelake.local.sql.LakeRange;
import io.quotelake.local.sql.LocalLake;
import io.quotelake.local.sql.ResultWriter;
import io.quotelake.local.sql.SqlConversation;
import io.quotelake.local.sql.SqlStatement;
import io.quotelake.local.sql.TableDefinition;
import io.quotelake.local.stack.Workspace;
import io.quotelake.terminal.HelpOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** SQL on the local lake. */
@Command(
        name = "query",
        sortOptions = false,
        description =
                "Ask the local lake in Athena's SQL, whether the stack runs or not. Reads only.",
        footer = {
            "",
            "Examples:",
            "  ./quotelake query \"SELECT index, count(*) FROM stock_market GROUP BY index\"",
            "  ./quotelake query aws/sql/worst_days.sql --from 2008-01-01 --to 2009-12-31",
            "  ./quotelake query --format csv aws/sql/volatility.sql > volatility.csv",
            "  ./quotelake query"
        })
public final class QueryCommand implements Callable<Integer> {
    private static final String NOTICE =
            "This is DuckDB with Athena's functions that aws/sql uses: Athena-like, not Athena. ./quotelake trino runs Athena's engine.";

    @Mixin private HelpOption help;
    @Mixin private SqlMixin sql;

    @Override
    public Integer call() throws IOException {
        Workspace workspace = Workspace.current();
        Path table = sql.tableDirectory(workspace);
        List<SqlStatement> given = sql.wantsPrompt() ? List.of() : sql.statements(table);
        given.forEach(LocalLake::demandReadOnly);
        TableDefinition definition = TableDefinition.of(workspace.installation());
        Files.createDirectories(workspace.state().temporary());
        System.err.println(NOTICE);
        try (LocalLake lake = LocalLake.open(table, definition, workspace.state().temporary())) {
            if (lake.isEmpty()) {
                System.err.println(
                        "No file has been published under "
                                + table
                                + " yet: ./quotelake demo fills it, and a checkpoint must pass first");
            }
            ResultWriter writer = sql.writer();
            SqlConversation conversation = new SqlConversation(lake, writer);
            if (sql.wantsPrompt()) {
                conversation.prompt(definition, workspace.state().root().resolve("sql-history"));
            } else {
                conversation.run(given);
                boolean reads = given.stream().anyMatch(SqlStatement::reads);
                if (reads && writer.rows() == 0 && !lake.isEmpty() && sql.file().isPresent()) {
                    explainNoRows(table);
                }
            }
        }
        return 0;
    }

    /** Files of queries name indices and dates, or take them. */
    private void explainNoRows(Path table) throws IOException {
        System.err.println(
                "No row: %s; %s"
                        .formatted(
                                LakeRange.of(table),
                                sql.takesValues()
                                        ? "--index, --from and --to choose"
                                        : "change those that " + sql.file().get() + " names"));
    }
}
