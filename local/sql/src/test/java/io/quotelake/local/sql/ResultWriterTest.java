package io.quotelake.local.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class ResultWriterTest {
    private static final String ROWS =
            "SELECT * FROM (VALUES ('HSI', 1.5::DOUBLE, NULL, true), ('a\"b,c', -20.25::DOUBLE, '', false)) AS t(index, close, note, up)";

    @Test
    void aTableIsAlignedNumbersToTheRight() throws SQLException {
        assertThat(written(ResultWriter.Format.TABLE, ROWS))
                .isEqualTo(
                        """
                        index | close  | note | up
                        ------+--------+------+------
                        HSI   |    1.5 | NULL | true
                        a"b,c | -20.25 |      | false
                        (2 rows)
                        """);
    }

    @Test
    void csvTellsNullsFromEmptyTextsAndQuotesWhatNeedsIt() throws SQLException {
        assertThat(written(ResultWriter.Format.CSV, ROWS))
                .isEqualTo("index,close,note,up\nHSI,1.5,,true\n\"a\"\"b,c\",-20.25,\"\",false\n");
    }

    @Test
    void jsonIsOneArrayWithAnObjectALine() throws SQLException {
        assertThat(written(ResultWriter.Format.JSON, ROWS))
                .isEqualTo(
                        """
                        [
                        {"index":"HSI","close":1.5,"note":null,"up":true},
                        {"index":"a\\"b,c","close":-20.25,"note":"","up":false}
                        ]
                        """);
        assertThat(written(ResultWriter.Format.JSON, "SELECT 1 WHERE false")).isEqualTo("[]\n");
    }

    @Test
    void wholeNumbersBeyondALongKeepEveryDigit() throws SQLException {
        assertThat(
                        written(
                                ResultWriter.Format.JSON,
                                "SELECT sum(x) AS s FROM (VALUES (9223372036854775807), (9223372036854775807)) AS t(x)"))
                .contains("{\"s\":18446744073709551614}");
    }

    private static String written(ResultWriter.Format format, String sql) throws SQLException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            new ResultWriter(format, new PrintStream(bytes, true, StandardCharsets.UTF_8))
                    .write(rows);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
