package io.quotelake.dashboard;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;

/** A table in Trino, asked through JDBC with a connection a question: it is stateless there. */
final class TrinoLake implements Remote.Source {
    private final String url;
    private final Properties properties = new Properties();

    /**
     * A table of the schema that the address names.
     *
     * @param url as Trino's JDBC driver takes it, such as {@code
     *     jdbc:trino://127.0.0.1:8080/hive/default}
     * @throws IllegalArgumentException when it is none
     */
    TrinoLake(String url) {
        this.url = url;
        if (!url.matches("jdbc:trino://[^/]+/[^/]+/[^/?]+.*")) {
            throw new IllegalArgumentException(
                    "--url is '%s': it is jdbc:trino://HOST:PORT/CATALOG/SCHEMA, with ?user=… or what else the driver needs"
                            .formatted(url));
        }
        if (!url.matches(".*[?&]user=.*")) {
            properties.setProperty("user", "quotelake");
        }
    }

    @Override
    public Rows query(String sql, List<Object> parameters) throws UnavailableException {
        try (Connection connection = DriverManager.getConnection(url, properties);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.size(); i++) {
                statement.setObject(i + 1, parameters.get(i));
            }
            return Rows.of(statement.executeQuery());
        } catch (SQLException e) {
            throw new UnavailableException(
                    "Trino has no answer: " + UnavailableException.reason(e));
        }
    }

    @Override
    public String name() {
        return "Trino at " + url.replaceFirst("^jdbc:trino://", "").replaceFirst("\\?.*", "");
    }

    @Override
    public void close() {
        // Nothing is kept open.
    }
}
