package io.quotelake.local.sql;

import io.quotelake.terminal.Failure;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** Puts the user's statements to an engine: those that were given, or those typed at a prompt. */
public final class SqlConversation {
    private final Session session;
    private final ResultWriter writer;

    /**
     * @param session the engine
     * @param writer prints what it returns
     */
    public SqlConversation(Session session, ResultWriter writer) {
        this.session = session;
        this.writer = writer;
    }

    /** Asks until the user has enough; a statement that fails does not end it. */
    public void prompt(TableDefinition definition, Path history) {
        new Prompt(definition, history, writer).run(script -> run(SqlStatement.allOf(script)));
    }

    /**
     * Runs statements one after another.
     *
     * @throws Failure for the first that fails
     */
    public void run(List<SqlStatement> statements) {
        for (SqlStatement statement : statements) {
            try {
                session.run(statement, writer);
            } catch (SQLException e) {
                throw Failure.atRunTime("the query failed: " + ResultWriter.oneLine(e));
            }
        }
    }
}
