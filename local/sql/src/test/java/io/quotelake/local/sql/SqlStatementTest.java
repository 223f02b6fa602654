package io.quotelake.local.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlStatementTest {

    @Test
    void aScriptIsCutAtSemicolonsOutsideOfQuotesAndComments() {
        String script = "SELECT ';' AS \"a;b\" -- not; here\n; /* nor; here */ SELECT 2 ; -- end;";

        assertThat(SqlStatement.allOf(script))
                .extracting(statement -> statement.text().strip())
                .containsExactly("SELECT ';' AS \"a;b\" -- not; here", "/* nor; here */ SELECT 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select 1",
                "-- why\nSELECT 1",
                "(SELECT 1)",
                "WITH a AS (SELECT 1) SELECT * FROM a",
                "VALUES 1",
                "show tables",
                "DESCRIBE stock_market",
                "EXPLAIN SELECT 1",
                "EXPLAIN ANALYZE SELECT 1"
            })
    void readingIsAccepted(String sql) {
        assertThat(statement(sql).reads()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COPY (SELECT 1) TO 'x'",
                "EXPLAIN ANALYZE COPY (SELECT 1) TO 'x'",
                "INSERT INTO stock_market SELECT 1",
                "DELETE FROM stock_market",
                "ATTACH 'x'",
                "INSTALL httpfs",
                "SET threads = 1",
                "PRAGMA version",
                "CREATE VIEW v AS SELECT 1",
                "CREATE TABLE t (a INT)",
                "DROP VIEW stock_market",
                "selection",
                "/* SELECT */ COPY (SELECT 1) TO 'x'"
            })
    void everythingElseIsNot(String sql) {
        SqlStatement statement = statement(sql);

        assertThat(statement.reads() || statement.createsTable() || statement.dropsTable())
                .isFalse();
    }

    @Test
    void aTableMadeOfAQueryLosesAthenasPropertiesOnly() {
        SqlStatement statement =
                statement(
                        "-- why\nCREATE TABLE h\nWITH (format = 'PA)RQUET', partitioned_by = ARRAY[('a')]) AS\nSELECT 1");

        assertThat(statement.createsTable()).isTrue();
        assertThat(statement.createdTable()).isEqualTo("h");
        assertThat(statement.withoutTableProperties().replaceAll("\\s+", " "))
                .isEqualTo("-- why CREATE TABLE h AS SELECT 1");
    }

    @Test
    void aPromptAsksForMoreUntilTheSemicolon() {
        assertThat(SqlStatement.isUnfinished("SELECT 1")).isTrue();
        assertThat(SqlStatement.isUnfinished("SELECT ';'")).isTrue();
        assertThat(SqlStatement.isUnfinished("SELECT 1; -- done")).isFalse();
        assertThat(SqlStatement.isUnfinished("  ")).isFalse();
    }

    private static SqlStatement statement(String sql) {
        return SqlStatement.allOf(sql).get(0);
    }

    @Test
    void questionMarksGetTheValuesThatTheirCommentNames() {
        LakeRange lake = new LakeRange(List.of("HSI", "NYA"), "1986", "2021-05");
        QueryValues values = QueryValues.of(null, LocalDate.parse("2008-09-15"), null, lake);

        SqlStatement statement =
                SqlStatement.allOf("-- Parameters: index, year_before, to, from\nSELECT ?, ?, ?, ?")
                        .get(0)
                        .with(values);

        assertThat(statement.values()).containsExactly("HSI", "2007", "2021-05-31", "2008-09-15");
    }
}
