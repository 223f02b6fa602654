package io.quotelake.system.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quotelake.local.sql.LocalLake;
import io.quotelake.local.sql.ResultWriter;
import io.quotelake.local.sql.SqlStatement;
import io.quotelake.local.sql.TableDefinition;
import io.quotelake.local.stack.Installation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** SQL on a lake that the real job wrote: the whole data set by year. */
class QueryIT {
    private static final TableDefinition DEFINITION = TableDefinition.of(Installation.current());
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static TestLake lake;
    private static Path table;
    private static LocalLake sql;

    @BeforeAll
    static void writeLake() throws IOException {
        lake = TestLake.start("query");
        lake.publish("by_year");
        table = lake.write("by_year", "--date-granularity", "year");
        sql = LocalLake.open(table, DEFINITION, lake.stack().state().temporary());
    }

    @AfterAll
    static void stop() {
        if (sql != null) {
            sql.close();
        }
        if (lake != null) {
            lake.close();
        }
    }

    @Test
    void everyRowOfTheJobHasTheColumnsOfTheTableInTheirOrder() throws IOException {
        JsonNode row = JSON.readTree(firstLine());

        List<String> names = new ArrayList<>();
        row.fieldNames().forEachRemaining(names::add);
        assertThat(names)
                .isEqualTo(
                        DEFINITION.columns().stream().map(TableDefinition.Column::name).toList());
        assertThat(DEFINITION.columns())
                .allSatisfy(
                        column ->
                                assertThat(typesThatHold(row.get(column.name())))
                                        .as(column.name())
                                        .contains(column.type()));
    }

    @Test
    void theKeysAreTheFoldersOfTheJob() {
        Path date = table.relativize(anyFile()).getParent();

        assertThat(DEFINITION.partitionKeys())
                .extracting(TableDefinition.Column::name)
                .containsExactly(
                        date.getParent().toString().split("=")[0],
                        date.getFileName().toString().split("=")[0]);
    }

    @Test
    void everyQueryOfTheProjectRuns() throws Exception {
        for (Path query : TestLake.queries()) {
            List<SqlStatement> statements = SqlStatement.allOf(Files.readString(query));

            assertThat(statements).as("one statement in %s", query).hasSize(1);
            SqlStatement statement = statements.get(0).with(TestLake.values(table));
            assertThat(run(statement)).as(query.toString()).isNotEmpty();
        }
    }

    @Test
    void everyRowOfTheDataSetIsThereExactlyOnce() throws Exception {
        String query =
                Files.readString(Installation.current().home().resolve("aws/sql/exactly_once.sql"));
        long rows;
        try (Stream<String> lines = Files.lines(Installation.current().dataSet())) {
            rows = lines.skip(1).count();
        }

        JsonNode audit = run(SqlStatement.allOf(query).get(0)).get(0);

        assertThat(audit.get("quotes").asLong()).isEqualTo(rows);
        assertThat(audit.get("records").asLong()).isEqualTo(rows);
        assertThat(audit.get("exactly_once").asBoolean()).isTrue();
    }

    private static JsonNode run(SqlStatement statement) throws SQLException, IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            sql.run(statement, new ResultWriter(ResultWriter.Format.JSON, out));
        }
        return JSON.readTree(bytes.toByteArray());
    }

    private static List<String> typesThatHold(JsonNode value) {
        if (value.isTextual()) {
            return List.of("string");
        }
        return value.isDouble() ? List.of("double") : List.of("int", "bigint");
    }

    private static String firstLine() throws IOException {
        try (Stream<String> lines = Files.lines(anyFile())) {
            return lines.skip(1).findFirst().orElseThrow();
        }
    }

    private static Path anyFile() {
        try (Stream<Path> files = Files.walk(table)) {
            return files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
