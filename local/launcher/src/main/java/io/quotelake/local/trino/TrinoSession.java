package io.quotelake.local.trino;

import io.quotelake.local.query.ResultWriter;
import io.quotelake.local.query.Session;
import io.quotelake.local.query.SqlStatement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Statements for Trino, as they are. */
final class TrinoSession implements Session {
    private final Connection connection;

    TrinoSession(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void run(SqlStatement statement, ResultWriter writer) throws SQLException {
        if (!statement.values().isEmpty()) {
            Session.runPrepared(connection, statement, writer);
            return;
        }
        try (Statement sql = connection.createStatement()) {
            if (sql.execute(statement.text())) {
                try (ResultSet rows = sql.getResultSet()) {
                    writer.write(rows);
                }
            } else {
                writer.writeCount(sql.getLargeUpdateCount());
            }
        }
    }
}
