package io.quotelake.local.trino;

import io.quotelake.local.sql.TableDefinition;
import io.quotelake.local.sql.TableDefinition.Column;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The statements that make Trino's catalog of a lake like Glue's. */
final class TrinoTables {
    /** As Terraform has it by default. */
    private static final LocalDate FIRST_DATE = LocalDate.of(1965, 1, 1);

    private static final LocalDate LAST_DATE = LocalDate.of(2050, 12, 31);

    private final TableDefinition definition;
    private final String schema;
    private final Path table;

    /**
     * @param schema where the tables are made
     * @param table the directory that holds {@code index=…} folders
     */
    TrinoTables(TableDefinition definition, String schema, Path table) {
        this.definition = definition;
        this.schema = schema;
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
                        "CREATE SCHEMA " + schema,
                        create(TableDefinition.NAME, columns(definition.partitionKeys()), ""),
                        refresh(schema));
        return dates.isEmpty()
                ? statements
                : Stream.concat(statements.stream(), Stream.of(projected(indices, dates.get(0))))
                        .toList();
    }

    /** What a crawl does: finds the folders that are there now. */
    static String refresh(String schema) {
        return "CALL system.sync_partition_metadata('%s', '%s', 'FULL')"
                .formatted(schema, TableDefinition.NAME);
    }

    private String projected(List<String> indices, String date) {
        String keys =
                "\"index\" VARCHAR WITH (%s), \"date\" VARCHAR WITH (%s)"
                        .formatted(oneOf(indices.stream()), projectedDates(date.length()));
        String properties =
                ", partition_projection_enabled = true, partition_projection_location_template = '"
                        + location(table)
                        + "/index=${index}/date=${date}/'";
        return create(TableDefinition.LIVE_NAME, keys, properties);
    }

    /** As Terraform has it: Trino's longest step is a day, so months and years are lists. */
    private static String projectedDates(int length) {
        return switch (length) {
            case 4 -> oneOf(dates("yyyy", ChronoUnit.YEARS));
            case 7 -> oneOf(dates("yyyy-MM", ChronoUnit.MONTHS));
            default ->
                    """
                    partition_projection_type = 'DATE',
                    partition_projection_format = 'yyyy-MM-dd',
                    partition_projection_range = ARRAY['%s', 'NOW+1DAYS'],
                    partition_projection_interval = 1,
                    partition_projection_interval_unit = 'DAYS'"""
                            .formatted(FIRST_DATE);
        };
    }

    private static Stream<String> dates(String format, ChronoUnit step) {
        return Stream.iterate(
                        FIRST_DATE, date -> !date.isAfter(LAST_DATE), date -> date.plus(1, step))
                .map(DateTimeFormatter.ofPattern(format)::format);
    }

    private static String oneOf(Stream<String> values) {
        return "partition_projection_type = 'ENUM', partition_projection_values = ARRAY[%s]"
                .formatted(
                        values.map(value -> "'" + value + "'").collect(Collectors.joining(", ")));
    }

    private String create(String name, String keys, String moreProperties) {
        return """
        CREATE TABLE %s.%s (%s, %s)
        WITH (format = 'JSON', external_location = '%s', partitioned_by = ARRAY[%s]%s)"""
                .formatted(
                        schema,
                        name,
                        columns(definition.columns()),
                        keys,
                        location(table),
                        definition.partitionKeys().stream()
                                .map(key -> "'" + key.name() + "'")
                                .collect(Collectors.joining(", ")),
                        moreProperties);
    }

    /** How Trino's file system names a directory of this machine. */
    static String location(Path path) {
        return "local://" + path.toAbsolutePath();
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
