package io.quotelake.local.trino;

import io.quotelake.local.query.TableDefinition;
import io.quotelake.local.query.TableDefinition.Column;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The statements that make Trino's catalog of a lake like Glue's. */
final class TrinoTables {
    static final String SCHEMA = "quotelake";

    /** As Terraform has it by default. */
    private static final String FIRST_DATE = "1965-01-01";

    private final TableDefinition definition;
    private final Path table;

    /**
     * @param table the directory that holds {@code index=…} folders
     */
    TrinoTables(TableDefinition definition, Path table) {
        this.definition = definition;
        this.table = table;
    }

    /**
     * The schema, the table and, if there is a folder to tell its granularity, the projected one.
     */
    List<String> statements() {
        List<String> indices = children(table, "index=");
        List<String> dates =
                indices.stream()
                        .flatMap(
                                index ->
                                        children(table.resolve("index=" + index), "date=").stream())
                        .limit(1)
                        .toList();
        List<String> statements =
                List.of(
                        "CREATE SCHEMA " + SCHEMA,
                        create(TableDefinition.NAME, columns(definition.partitionKeys()), ""),
                        refresh());
        return dates.isEmpty()
                ? statements
                : Stream.concat(statements.stream(), Stream.of(projected(indices, dates.get(0))))
                        .toList();
    }

    /** What a crawl does: finds the folders that are there now. */
    static String refresh() {
        return "CALL system.sync_partition_metadata('%s', '%s', 'FULL')"
                .formatted(SCHEMA, TableDefinition.NAME);
    }

    private String projected(List<String> indices, String date) {
        String[] formatAndUnit =
                switch (date.length()) {
                    case 4 -> new String[] {"yyyy", "YEARS"};
                    case 7 -> new String[] {"yyyy-MM", "MONTHS"};
                    default -> new String[] {"yyyy-MM-dd", "DAYS"};
                };
        String values =
                indices.stream().map(index -> "'" + index + "'").collect(Collectors.joining(", "));
        String keys =
                """
                "index" VARCHAR WITH (
                    partition_projection_type = 'ENUM',
                    partition_projection_values = ARRAY[%s]),
                "date" VARCHAR WITH (
                    partition_projection_type = 'DATE',
                    partition_projection_format = '%s',
                    partition_projection_range = ARRAY['%s', 'NOW'],
                    partition_projection_interval = 1,
                    partition_projection_interval_unit = '%s')"""
                        .formatted(
                                values,
                                formatAndUnit[0],
                                FIRST_DATE.substring(0, formatAndUnit[0].length()),
                                formatAndUnit[1]);
        String properties =
                ", partition_projection_enabled = true, partition_projection_location_template = '"
                        + location()
                        + "/index=${index}/date=${date}/'";
        return create(TableDefinition.LIVE_NAME, keys, properties);
    }

    private String create(String name, String keys, String moreProperties) {
        return """
        CREATE TABLE %s.%s (%s, %s)
        WITH (format = 'JSON', external_location = '%s', partitioned_by = ARRAY[%s]%s)"""
                .formatted(
                        SCHEMA,
                        name,
                        columns(definition.columns()),
                        keys,
                        location(),
                        definition.partitionKeys().stream()
                                .map(key -> "'" + key.name() + "'")
                                .collect(Collectors.joining(", ")),
                        moreProperties);
    }

    private String location() {
        return TrinoServer.location(table);
    }

    private static String columns(List<Column> columns) {
        return columns.stream()
                .map(column -> "\"" + column.name() + "\" " + column.sqlType())
                .collect(Collectors.joining(", "));
    }

    private static List<String> children(Path directory, String prefix) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(child -> child.getFileName().toString())
                    .filter(name -> name.startsWith(prefix))
                    .map(name -> name.substring(prefix.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
