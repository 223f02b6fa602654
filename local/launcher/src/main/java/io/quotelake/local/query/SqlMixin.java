package io.quotelake.local.query;

import io.quotelake.local.Failure;
import io.quotelake.local.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
     * The statements that were given, in a file, on the command line or on standard input.
     *
     * @throws Failure when there is no such file, or no statement in it
     */
    public List<SqlStatement> statements() throws IOException {
        List<SqlStatement> statements = SqlStatement.allOf(script());
        if (statements.isEmpty()) {
            throw Failure.ofUse("there is no statement: give SQL, or a file with some");
        }
        return statements;
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
}
