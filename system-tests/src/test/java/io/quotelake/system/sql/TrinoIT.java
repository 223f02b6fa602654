package io.quotelake.system.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quotelake.local.sql.LocalLake;
import io.quotelake.local.sql.ResultWriter;
import io.quotelake.local.sql.Session;
import io.quotelake.local.sql.SqlStatement;
import io.quotelake.local.sql.TableDefinition;
import io.quotelake.local.stack.Installation;
import io.quotelake.local.stack.StateDirectory;
import io.quotelake.local.stack.TaskManager;
import io.quotelake.local.trino.TrinoServer;
import io.quotelake.local.trino.TrinoSession;
import io.quotelake.system.launcher.DashboardProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Athena's engine on lakes that the real job wrote; DuckDB must give the same answers. */
@Tag("trino")
class TrinoIT {
    private static final TableDefinition DEFINITION = TableDefinition.of(Installation.current());
    private static final Pattern FRACTION = Pattern.compile("-?\\d+\\.\\d+(E-?\\d+)?");
    private static final String[] TWO_YEARS = {"--from", "2008-01-01", "--to", "2009-12-31"};
    private static final Path DATA_SET = Installation.current().dataSet();

    private static final AtomicInteger SCHEMAS = new AtomicInteger();
    private static final List<String> TABLES =
            List.of(TableDefinition.NAME, TableDefinition.LIVE_NAME);
    private static final String ALL_VALUES =
            "SELECT index, trade_date, open, high, low, close, adj_close, volume, close_usd FROM stock_market";
    private static final List<Question> QUESTIONS =
            List.of(
                    new Question(
                            "index = '000001.SS' AND date >= '2008-10' AND date < '2008-11'",
                            csv -> csv.count("000001.SS", "2008-10-01", "2008-10-31")),
                    new Question(
                            "index = 'NYA' AND date = '2008-10-15'",
                            csv -> csv.count("NYA", "2008-10-15", "2008-10-15")),
                    new Question(
                            "index = 'NYA' AND date >= '2008-09' AND date < '2008-12'",
                            csv -> csv.count("NYA", "2008-09-01", "2008-11-30")));

    private static final List<String> DASHBOARD_QUESTIONS =
            List.of(
                    "indices?rows=history",
                    "indices?rows=all",
                    "exactly_once",
                    "synthetic",
                    "files",
                    "newest_row",
                    "prices?index=NYA&from=2006-03-01&to=2009-12-31&rows=history&letters=10",
                    "prices?index=HSI&from=1990-01-01&to=2020-12-31&rows=history&letters=7",
                    "drawdown?index=NYA&from=2006-03-01&to=2009-12-31&rows=history&letters=10",
                    "drawdown?index=HSI&from=1990-01-01&to=2020-12-31&rows=all&letters=7",
                    "rebased?from=2011-01-01&to=2014-12-31&rows=history&letters=10",
                    "rebased?from=1965-01-01&to=2020-12-31&rows=all&letters=7",
                    "correlations?index=HSI&from=1998-01-01&to=2020-12-31&rows=history",
                    "worst_days?index=NYA&from=1980-01-01&to=2020-12-31&rows=history");

    private static CsvFile dataSet;
    private static TestLake lake;
    private static Path byYear;
    private static Path byDay;
    private static TrinoServer trino;

    @BeforeAll
    static void writeLakes() throws IOException {
        dataSet = CsvFile.read(DATA_SET);
        lake = TestLake.start("trino");
        lake.publish("by_year");
        byYear = lake.write("by_year", "--date-granularity", "year");
        lake.publish("by_day", TWO_YEARS);
        byDay = lake.write("by_day", "--date-granularity", "day");
        trino = startTrino();
    }

    @AfterAll
    static void stop() {
        if (trino != null) {
            trino.close();
        }
        if (lake != null) {
            lake.close();
        }
    }

    @Test
    void everyQueryGivesTheSameOnBothEnginesByYear() throws Exception {
        try (Connection connection = connect(byYear)) {
            assertSameAnswers(connection, byYear);
            assertThat(dataSet.indices()).isEqualTo(14);
            for (String table : TABLES) {
                assertThat(ask(connection, indices(table))).isEqualTo("14");
            }
        }
    }

    @Test
    void everyQueryGivesTheSameOnBothEnginesByDay() throws Exception {
        try (Connection connection = connect(byDay)) {
            assertSameAnswers(connection, byDay);
        }
    }

    @Test
    void aDottedIndexADayAndAMonthRangeAreFoundInTheirFolders() throws Exception {
        try (Connection connection = connect(byDay)) {
            for (String table : TABLES) {
                for (Question question : QUESTIONS) {
                    assertThat(ask(connection, question.count(table)))
                            .as("%s in %s", question.condition(), table)
                            .isNotEqualTo("0")
                            .isEqualTo(Long.toString(question.answer(dataSet)));
                }
            }
        }
    }

    /** With {@code -Dquotelake.csv=FILE} for a file of the user's. */
    @Test
    void everyValueOfTheFileIsReadBackAsItStandsThere() throws Exception {
        Path file = Path.of(System.getProperty("quotelake.csv", DATA_SET.toString()));
        lake.publish(file, "read_back");
        Path table = lake.write("read_back", "--date-granularity", "year");
        try (Connection connection = connect(table);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(ALL_VALUES)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    row.add(String.valueOf(rows.getObject(column)));
                }
                values.add(String.join(",", row));
            }
            Collections.sort(values);
            assertThat(values).isEqualTo(CsvFile.read(file).values());
            System.out.printf("%,d rows of %s came back as they were%n", values.size(), file);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zstd"})
    void compressedFilesReadTheSame(String compression) throws Exception {
        lake.publish(compression, TWO_YEARS);
        Path table =
                lake.write(compression, "--date-granularity", "year", "--compression", compression);
        String values = ALL_VALUES + " ORDER BY index, trade_date";
        try (Connection connection = connect(table);
                LocalLake duck = open(table);
                LocalLake plain = open(byDay)) {
            assertThat(answer(new TrinoSession(connection), values))
                    .isEqualTo(answer(plain, values));
            assertThat(answer(duck, values)).isEqualTo(answer(plain, values));
        }
    }

    @Test
    void unfinishedFilesOfAKilledJobNeverShow() throws Exception {
        lake.publish("killed", TWO_YEARS);
        String job =
                lake.submit(
                                "killed",
                                "--date-granularity",
                                "month",
                                "--roll-interval",
                                "1h",
                                "--roll-inactivity",
                                "1h")
                        .currentJobId();
        await().atMost(Duration.ofMinutes(3)).until(() -> completedCheckpoints(job) >= 2);
        TaskManager taskManager = lake.stack().flink().taskManagers().get(0);
        taskManager.process().kill();

        Path table = lake.table("killed");
        try (Connection connection = connect(table)) {
            assertThat(ask(connection, "SELECT count(*) FROM stock_market")).isEqualTo("0");
        }
        assertThat(filesBelow(table)).isEmpty();
        taskManager.start();
    }

    private static int completedCheckpoints(String job) throws IOException {
        return lake.stack()
                .flink()
                .rest()
                .get("/jobs/" + job + "/checkpoints")
                .at("/counts/completed")
                .asInt();
    }

    private static void assertSameAnswers(Connection connection, Path table) throws Exception {
        Session athena = new TrinoSession(connection);
        try (LocalLake duck = open(table)) {
            for (Path query : TestLake.queries()) {
                String sql = Files.readString(query);
                List<SqlStatement> statements = TestLake.statements(sql, table);
                assertSame(
                        withoutAge(answer(duck, statements), query),
                        withoutAge(answer(athena, statements), query),
                        query);
            }
            String history =
                    "SELECT * FROM stock_market_history WHERE index = 'HSI' ORDER BY trade_date";
            assertThat(answer(duck, history)).isEqualTo(answer(athena, history)).contains("HSI");
        }
    }

    @Test
    void theDashboardShowsTheSameFromBothEngines() throws Exception {
        String url;
        try (Connection connection = connect(byYear)) {
            url =
                    "jdbc:trino://%s/%s/%s"
                            .formatted(
                                    URI.create(trino.address()).getAuthority(),
                                    connection.getCatalog(),
                                    connection.getSchema());
        }
        StateDirectory state = lake.stack().state();
        try (DashboardProcess duck =
                        DashboardProcess.start("dashboard-local", state, "--lake=" + byYear);
                DashboardProcess athena =
                        DashboardProcess.start(
                                "dashboard-trino", state, "--engine=trino", "--url=" + url)) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> duck.state().at("/lake/quotes").asLong() > 0);
            for (String question : DASHBOARD_QUESTIONS) {
                JsonNode expected = duck.chart(question);
                JsonNode answer = athena.chart(question);
                assertThat(answer.path("columns")).isEqualTo(expected.path("columns"));
                assertThat(answer.path("file")).isEqualTo(expected.path("file"));
                assertThat(expected.path("rows")).as(question).isNotEmpty();
                assertSame(lines(expected), lines(answer), Path.of(question));
            }
        }
    }

    /**
     * The place of a file is spelled in another way by each engine: what is below the table is not.
     */
    private static String lines(JsonNode answer) {
        StringBuilder lines = new StringBuilder();
        for (JsonNode row : answer.path("rows")) {
            for (JsonNode cell : row) {
                lines.append(cell.asText().replaceFirst(".*/(?=index=)", "")).append(',');
            }
            lines.append('\n');
        }
        return lines.toString();
    }

    /** The age of the newest row is that of another moment. */
    private static String withoutAge(String csv, Path query) {
        return query.endsWith("freshness.sql") ? csv.replaceFirst(",\\d+$", "") : csv;
    }

    private static void assertSame(String local, String athena, Path query) {
        List<String> rows = local.lines().toList();
        List<String> expected = athena.lines().toList();
        assertThat(rows).as("%s", query).hasSameSizeAs(expected);
        for (int row = 0; row < rows.size(); row++) {
            String[] cells = rows.get(row).split(",", -1);
            String[] expectedCells = expected.get(row).split(",", -1);
            assertThat(cells).hasSameSizeAs(expectedCells);
            for (int cell = 0; cell < cells.length; cell++) {
                if (!same(cells[cell], expectedCells[cell])) {
                    fail("%s: %s, in Trino %s", query, rows.get(row), expected.get(row));
                }
            }
        }
    }

    /** Fractions differ by less than one in the ninth significant digit. */
    private static boolean same(String one, String other) {
        if (one.equals(other)) {
            return true;
        }
        if (!FRACTION.matcher(one).matches() || !FRACTION.matcher(other).matches()) {
            return false;
        }
        double number = Double.parseDouble(one);
        return Math.abs(number - Double.parseDouble(other)) <= Math.abs(number) * 1e-9;
    }

    private static String indices(String table) {
        return "SELECT count(DISTINCT index) FROM %s WHERE date >= '1965'".formatted(table);
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        return answer(new TrinoSession(connection), sql);
    }

    /** The rows as CSV, without the header. */
    private static String answer(Session session, String sql) throws SQLException {
        return answer(session, SqlStatement.allOf(sql));
    }

    private static String answer(Session session, List<SqlStatement> statements)
            throws SQLException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            ResultWriter writer = new ResultWriter(ResultWriter.Format.CSV, out);
            for (SqlStatement statement : statements) {
                session.run(statement, writer);
            }
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        return text.substring(text.indexOf('\n') + 1).stripTrailing();
    }

    private static LocalLake open(Path table) {
        return LocalLake.open(table, DEFINITION, lake.stack().state().temporary());
    }

    private static TrinoServer startTrino() {
        StateDirectory state =
                new StateDirectory(lake.stack().state().root().resolveSibling("trino-server"));
        return TrinoServer.start(Installation.current(), state, lake.table("none"), 0);
    }

    /** A connection to a schema with the tables of this lake, and no others. */
    private static Connection connect(Path table) throws IOException, SQLException {
        String schema = table.getFileName().toString() + "_" + SCHEMAS.incrementAndGet();
        trino.create(schema, DEFINITION, table);
        return trino.connect(schema);
    }

    private static List<Path> filesBelow(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** A condition on a lake's partitions, and how many rows of the file fulfil it. */
    private record Question(String condition, ToLongFunction<CsvFile> rows) {
        String count(String table) {
            return "SELECT count(*) FROM " + table + " WHERE " + condition;
        }

        long answer(CsvFile file) {
            return rows.applyAsLong(file);
        }
    }
}
