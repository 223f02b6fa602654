package io.quotelake.local.command;

import io.quotelake.local.sql.LakeRange;
import io.quotelake.local.sql.QueryValues;
import io.quotelake.local.sql.ResultWriter;
import io.quotelake.local.sql.SqlStatement;
import io.quotelake.local.stack.Workspace;
import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The options of every command that answers SQL. */
public final class SqlMixin {
    @Parameters(
            arity = "0..1",
            paramLabel = "SQL|FILE.sql",
            description =
                    "A query, or a file of queries (default: a prompt on a terminal, else standard input).")
    private String sqlOrFile;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "${COMPLETION-CANDIDATES}; vertical is one line a column, for wide rows. Default: ${DEFAULT-VALUE}")
    private ResultWriter.Format format = ResultWriter.Format.TABLE;

    @Option(
            names = "--table-directory",
            paramLabel = "DIR",
            description =
                    "The folder that holds index=…/date=… (default: that of the local stack, .quotelake/s3/BUCKET/TOPIC).")
    private Path directory;

    @Option(
            names = "--index",
            paramLabel = "INDEX",
            description = "For a file of aws/sql: the index. Default: the lake's first.")
    private String index;

    @Option(
            names = "--from",
            paramLabel = "DAY",
            converter = DayConverter.class,
            description = "For a file of aws/sql: the first day. Default: the lake's first.")
    private LocalDate from;

    @Option(
            names = "--to",
            paramLabel = "DAY",
            converter = DayConverter.class,
            description = "For a file of aws/sql: the last day. Default: the lake's last.")
    private LocalDate to;

    private boolean valuesTaken;

    /** Whether neither SQL nor a file was given. */
    public boolean isWithoutSql() {
        return sqlOrFile == null;
    }

    /** Whether a prompt should ask for SQL. */
    public boolean wantsPrompt() {
        return sqlOrFile == null
                && System.console() != null
                && Boolean.getBoolean("quotelake.terminal");
    }

    /**
     * The statements that were given, in a file, on the command line or on standard input, with
     * values for their question marks.
     *
     * @param table where defaults come from
     * @throws Failure when there is no such file, no statement in it, or none that takes the values
     *     that were given
     */
    public List<SqlStatement> statements(Path table) throws IOException {
        List<SqlStatement> statements = SqlStatement.allOf(script());
        if (statements.isEmpty()) {
            throw Failure.ofUse("there is no statement: give SQL, or a file with some");
        }
        Set<String> names = new LinkedHashSet<>();
        statements.forEach(statement -> names.addAll(statement.parameters()));
        boolean takesDays = names.stream().anyMatch(name -> !name.equals("index"));
        if (index != null && !names.contains("index")
                || (from != null || to != null) && !takesDays) {
            throw Failure.ofUse(
                    "--index, --from and --to are for a query whose line '-- Parameters: …' names them, as files of aws/sql do");
        }
        valuesTaken = !names.isEmpty();
        if (!valuesTaken) {
            return statements;
        }
        QueryValues values = QueryValues.of(index, from, to, LakeRange.of(table));
        System.err.println(
                (names.contains("index") ? "--index " + values.index() + " " : "")
                        + "--from %s --to %s".formatted(values.from(), values.to()));
        return statements.stream().map(statement -> statement.with(values)).toList();
    }

    /** Whether a statement takes values for its question marks. */
    boolean takesValues() {
        return valuesTaken;
    }

    /** Prints results to standard output in the wanted format. */
    public ResultWriter writer() {
        return new ResultWriter(format, System.out, Integer.getInteger("quotelake.columns", 0));
    }

    /** The directory that was named, or the table of the local stack. */
    public Path tableDirectory(Workspace workspace) {
        if (directory == null) {
            return workspace
                    .state()
                    .s3()
                    .resolve(workspace.settings().bucket())
                    .resolve(workspace.settings().topic());
        }
        if (!Files.isDirectory(directory)) {
            throw Failure.ofUse(
                    directory + " is not a directory: name the one that holds index=… folders");
        }
        try (DirectoryStream<Path> indices = Files.newDirectoryStream(directory, "index=*")) {
            if (!indices.iterator().hasNext()) {
                throw Failure.ofUse(
                        directory
                                + " has no folder index=…: name the table's folder, such as .quotelake/s3/quotelake/stock_market");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return directory.toAbsolutePath().normalize();
    }

    /** The file of queries that was named, if one was. */
    Optional<Path> file() {
        return Optional.ofNullable(sqlOrFile)
                .map(String::strip)
                .filter(text -> text.endsWith(".sql"))
                .map(Path::of);
    }

    private String script() throws IOException {
        if (sqlOrFile == null) {
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (!sqlOrFile.strip().endsWith(".sql")) {
            demandNoPath();
            return sqlOrFile;
        }
        Path file = Path.of(sqlOrFile.strip());
        if (!Files.isRegularFile(file)) {
            throw Failure.ofUse("there is no file " + file);
        }
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw Failure.ofUse(file + " is not a text in UTF-8");
        }
    }

    /** A path is no statement: without this the engine would look for its mistakes as SQL. */
    private void demandNoPath() {
        String text = sqlOrFile.strip();
        boolean path = !text.contains(" ") && text.contains("/") || text.equals(".");
        if (path) {
            throw Failure.ofUse(
                    "'%s' is neither SQL nor a file whose name ends in .sql".formatted(text));
        }
    }

    /** A day as ISO 8601 writes it. */
    static final class DayConverter implements ITypeConverter<LocalDate> {
        @Override
        public LocalDate convert(String text) {
            try {
                return LocalDate.parse(text);
            } catch (DateTimeParseException e) {
                throw new TypeConversionException(
                        "'" + text + "' is no day: write for example 2008-09-15");
            }
        }
    }
}
