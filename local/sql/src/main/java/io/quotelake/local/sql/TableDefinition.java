package io.quotelake.local.sql;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quotelake.local.stack.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The table of the lake as Glue has it: {@code aws/table/columns.json}, which Terraform reads too.
 *
 * @param columns what stands in each row, in the order of the row
 * @param partitionKeys what stands in the path only
 */
public record TableDefinition(
        List<Column> columns, @JsonProperty("partition_keys") List<Column> partitionKeys) {
    /** The table whose partitions somebody adds. */
    public static final String NAME = "stock_market";

    /** The same rows as a projected table, whose partitions are computed from the query. */
    public static final String LIVE_NAME = NAME + "_live";

    /** Glue's types on the left; DuckDB and Trino call them alike. */
    private static final Map<String, String> SQL_TYPES =
            Map.of(
                    "string", "VARCHAR",
                    "double", "DOUBLE",
                    "bigint", "BIGINT",
                    "int", "INTEGER");

    public TableDefinition {
        columns = List.copyOf(columns);
        partitionKeys = List.copyOf(partitionKeys);
    }

    /** Reads the definition of this project. */
    public static TableDefinition of(Installation installation) {
        return read(installation.home().resolve("aws/table/columns.json"));
    }

    static TableDefinition read(Path file) {
        try {
            return JsonMapper.builder().build().readValue(file.toFile(), TableDefinition.class);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " is no definition of the table", e);
        }
    }

    /**
     * A column or a key.
     *
     * @param type as Glue spells it
     * @param comment what it holds
     */
    public record Column(String name, String type, String comment) {

        public Column {
            if (!SQL_TYPES.containsKey(type)) {
                throw new IllegalArgumentException(
                        "Column " + name + " has the type " + type + ", not one of " + SQL_TYPES);
            }
        }

        /** Its type in the SQL of DuckDB and of Trino. */
        public String sqlType() {
            return SQL_TYPES.get(type);
        }
    }
}
