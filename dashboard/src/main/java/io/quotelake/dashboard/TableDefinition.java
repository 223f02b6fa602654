package io.quotelake.dashboard;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * The table of the lake as Glue has it: {@code aws/table/columns.json}, which Terraform reads too.
 *
 * @param columns what stands in each row, in the order of the row
 * @param partitionKeys what stands in the path only
 */
record TableDefinition(
        List<Column> columns, @JsonProperty("partition_keys") List<Column> partitionKeys) {
    private static final Map<String, String> SQL_TYPES =
            Map.of("string", "VARCHAR", "double", "DOUBLE", "bigint", "BIGINT", "int", "INTEGER");

    /** The one that was built in. */
    static TableDefinition builtIn() {
        try (InputStream in = TableDefinition.class.getResourceAsStream("/table/columns.json")) {
            return JsonMapper.builder().build().readValue(in, TableDefinition.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A column or a key.
     *
     * @param type as Glue spells it
     * @param comment what it holds
     */
    record Column(String name, String type, String comment) {
        /** Its type in the SQL of DuckDB. */
        String sqlType() {
            return SQL_TYPES.get(type);
        }
    }
}
