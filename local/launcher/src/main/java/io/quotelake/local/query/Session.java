package io.quotelake.local.query;

import java.sql.SQLException;

/** An engine that statements are put to. */
public interface Session {
    /**
     * Runs one statement and prints what it returns.
     *
     * @throws io.quotelake.local.Failure when the engine won't run such a statement
     * @throws SQLException when the engine can't run it
     */
    void run(SqlStatement statement, ResultWriter writer) throws SQLException;
}
