package io.quotelake.local.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quotelake.terminal.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class LocalLakeTest {
    private static final TableDefinition DEFINITION =
            TableDefinition.read(Path.of("../../aws/table/columns.json"));

    @TempDir Path table;

    @Test
    void rowsAreTypedAsInGlueAndKeysAreStrings() throws Exception {
        write("000001.SS", "2008", "part-a-0.json", row("2008-09-01", 0.1, Long.MAX_VALUE));

        assertThat(
                        csv(
                                "SELECT index, date, trade_date, close, volume, close_usd, kafka_offset FROM stock_market"))
                .isEqualTo(
                        "index,date,trade_date,close,volume,close_usd,kafka_offset\n000001.SS,2008,2008-09-01,0.1,9223372036854775807,,7\n");
    }

    @Test
    void compressedAndPlainFilesAreReadTogetherAndUnfinishedOnesAreNot() throws Exception {
        write("HSI", "2008", "part-a-0.json", row("2008-09-01", 1.0, 1));
        Path gzip = table.resolve("index=HSI/date=2008/part-a-1.json.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
            out.write(row("2008-09-02", 2.0, 1).getBytes(StandardCharsets.UTF_8));
        }
        write("HSI", "2008", "part-a-2.json-6f1d0c3e-77aa-4c1b-9d10-2b64fa01a3bd", "{\"trade");
        write("HSI", "2008", "_part-a-3.json", "{\"trade");

        assertThat(csv("SELECT count(*), sum(close) FROM stock_market_live")).endsWith("\n2,3.0\n");
    }

    @Test
    void aLakeWithoutFilesIsAnEmptyTable() throws Exception {
        try (LocalLake lake = LocalLake.open(table.resolve("none"), DEFINITION, table)) {
            assertThat(lake.isEmpty()).isTrue();
            assertThat(csv(lake, "SELECT count(*) AS n FROM stock_market WHERE index = 'HSI'"))
                    .isEqualTo("n\n0\n");
        }
    }

    @Test
    void aLineThatIsNoRowFailsTheQuery() throws IOException {
        write("HSI", "2008", "part-a-0.json", row("2008-09-01", 1.0, 1) + "hello\n");

        assertThatThrownBy(() -> csv("SELECT sum(close) FROM stock_market"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("part-a-0.json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7 / 2 | 3",
                "to_unixtime(from_iso8601_timestamp('1970-01-01T00:00:01.500Z')) | 1.5",
                "date_diff('second', from_iso8601_timestamp('2026-01-05T09:30:00.123Z'), from_iso8601_timestamp('2026-01-05T09:31:00.123Z')) | 60",
                "from_iso8601_date('2008-09-01') | 2008-09-01",
                "date_format(date_parse('2008-09', '%Y-%m'), '%d.%m.%Y') | 01.09.2008"
            })
    void athenasFunctionsAnswer(String expression, String expected) throws Exception {
        assertThat(csv("SELECT " + expression + " AS x")).isEqualTo("x\n" + expected + "\n");
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/athena-functions.csv", delimiter = ';')
    void athenasCommonFunctionsAnswerAsTheyDoThere(String expression, String expected)
            throws Exception {
        assertThat(
                        csv("SELECT %s AS answer FROM (VALUES (1), (2), (3)) AS t(x)"
                                        .formatted(expression))
                                .lines()
                                .skip(1)
                                .distinct())
                .as(expression)
                .contains(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT trade_date - 1 FROM stock_market | No function matches",
                "SELECT levenshtein_distance('a', 'b') FROM stock_market | levenshtein_distance",
                "SELECT nosuch FROM stock_market | nosuch",
                "SELECT * FRM stock_market | syntax error"
            })
    void whatTheEngineCannotDoIsOneShortLine(String sql, String named) {
        assertThatThrownBy(
                        () -> new SqlConversation(failing(sql), null).run(SqlStatement.allOf(sql)))
                .isInstanceOf(Failure.class)
                .satisfies(
                        e ->
                                assertThat(e.getMessage())
                                        .contains(named)
                                        .doesNotContain("\n", "Candidate")
                                        .hasSizeLessThan(300));
    }

    private Session failing(String sql) {
        return (statement, writer) -> csv(sql);
    }

    @Test
    void nothingIsWrittenAndNoOtherFileIsRead() throws IOException {
        write("HSI", "2008", "part-a-0.json", row("2008-09-01", 1.0, 1));
        Path target = table.resolve("x.csv");

        assertThatThrownBy(() -> csv("COPY (SELECT 1) TO '" + target + "'"))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(2));
        assertThatThrownBy(() -> csv("SELECT * FROM read_text('/etc/hostname')"))
                .isInstanceOf(SQLException.class);
        assertThat(target).doesNotExist();
    }

    private static String row(String day, double close, long volume) {
        return ("{\"trade_date\":\"%s\",\"open\":1.0,\"high\":1.0,\"low\":1.0,\"close\":%s,\"adj_close\":1.0,\"volume\":%d,"
                        + "\"close_usd\":null,\"kafka_partition\":3,\"kafka_offset\":7,\"kafka_timestamp\":\"2026-01-05T09:30:00.123Z\"}\n")
                .formatted(day, close, volume);
    }

    private void write(String index, String date, String name, String text) throws IOException {
        Path folder =
                Files.createDirectories(table.resolve("index=" + index).resolve("date=" + date));
        Files.writeString(folder.resolve(name), text);
    }

    private String csv(String sql) throws SQLException {
        try (LocalLake lake = LocalLake.open(table, DEFINITION, table)) {
            return csv(lake, sql);
        }
    }

    private static String csv(LocalLake lake, String sql) throws SQLException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        for (SqlStatement statement : SqlStatement.allOf(sql)) {
            lake.run(statement, new ResultWriter(ResultWriter.Format.CSV, out));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
