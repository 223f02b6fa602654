package io.quotelake.local.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
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

    /** Runs a statement with values for its question marks. */
    static void runPrepared(Connection connection, SqlStatement statement, ResultWriter writer)
            throws SQLException {
        try (PreparedStatement sql = connection.prepareStatement(statement.text())) {
            for (int i = 0; i < statement.values().size(); i++) {
                sql.setString(i + 1, statement.values().get(i));
            }
            try (ResultSet rows = sql.executeQuery()) {
                writer.write(rows);
            }
        }
    }
}
