package io.quotelake.local.trino;

import io.quotelake.local.sql.ResultWriter;
import io.quotelake.local.sql.Session;
import io.quotelake.local.sql.SqlStatement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Statements for Trino, as they are. */
public final class TrinoSession implements Session {
    private final Connection connection;

    public TrinoSession(Connection connection) {
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
