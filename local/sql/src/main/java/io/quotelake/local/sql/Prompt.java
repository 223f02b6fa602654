package io.quotelake.local.sql;

import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jline.reader.Completer;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Asks for statements until the user has enough; remembers them over runs. */
final class Prompt {
    private static final Set<String> EXITS =
            Set.of(
                    "exit", "quit", "bye", "q", "\\q", ".exit", ".quit", ".q", ":q", "exit()",
                    "quit()");
    private static final Set<String> HELP = Set.of("help", "?", "\\?", "\\h", ".help");
    private static final Set<String> TURNS = Set.of("\\x", "\\g");
    private static final List<String> WELCOME =
            List.of(
                    "A statement ends with a semicolon. help: what can be asked; exit or Ctrl-D: leave.");
    private static final List<String> HELP_TEXT =
            List.of(
                    "SHOW TABLES;                    the tables",
                    "DESCRIBE stock_market;          columns and their types",
                    "SELECT … ;                      Athena's SQL; more in aws/sql/",
                    "\\x                              one line a column, for wide rows, and back",
                    "exit, quit, \\q, Ctrl-D          leave; Ctrl-C drops what was typed");
    private static final List<String> WORDS =
            List.of(
                    "SELECT",
                    "FROM",
                    "WHERE",
                    "GROUP BY",
                    "ORDER BY",
                    "LIMIT",
                    "HAVING",
                    "WITH",
                    "DESCRIBE",
                    "count(*)",
                    "exit");

    private final TableDefinition definition;
    private final Path history;
    private final ResultWriter writer;

    /**
     * @param definition whose names the tabulator key completes
     * @param history the file that keeps what was asked
     * @param writer prints the results
     */
    Prompt(TableDefinition definition, Path history, ResultWriter writer) {
        this.definition = definition;
        this.writer = writer;
        this.history = history;
    }

    /** Runs each statement that the user ends with a semicolon, until {@code exit} or Ctrl-D. */
    void run(Runner runner) {
        try (Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build()) {
            LineReader reader =
                    LineReaderBuilder.builder()
                            .terminal(terminal)
                            .parser(new StatementParser())
                            .completer(names())
                            // A backslash and an exclamation mark are the user's own.
                            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                            .variable(LineReader.HISTORY_FILE, history)
                            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "        -> ")
                            .build();
            show(terminal, WELCOME);
            while (true) {
                String line = read(reader);
                if (line == null || is(EXITS, line)) {
                    return;
                }
                if (is(HELP, line)) {
                    show(terminal, HELP_TEXT);
                } else if (is(TURNS, line)) {
                    show(terminal, List.of(writer.turn()));
                } else if (!line.isBlank()) {
                    try {
                        runner.run(line);
                    } catch (Failure e) {
                        show(terminal, List.of(e.getMessage()));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void show(Terminal terminal, List<String> lines) {
        lines.forEach(terminal.writer()::println);
        terminal.flush();
    }

    /** What runs the statements of a script; a {@link Failure} is shown, and the prompt goes on. */
    interface Runner {
        void run(String script);
    }

    /** Null at the end of the input; Ctrl-C drops the line. */
    private static String read(LineReader reader) {
        while (true) {
            try {
                return reader.readLine("quotelake> ");
            } catch (UserInterruptException dropped) {
                // The next prompt follows.
            } catch (EndOfFileException e) {
                return null;
            }
        }
    }

    private static boolean is(Set<String> words, String line) {
        return words.contains(line.strip().replaceAll("\\s*;$", "").toLowerCase(Locale.ROOT));
    }

    private static boolean isWordOfPrompt(String line) {
        return is(EXITS, line) || is(HELP, line) || is(TURNS, line);
    }

    private Completer names() {
        Stream<String> columns =
                Stream.concat(definition.columns().stream(), definition.partitionKeys().stream())
                        .map(TableDefinition.Column::name);
        Stream<String> tables = Stream.of(TableDefinition.NAME, TableDefinition.LIVE_NAME);
        return new StringsCompleter(
                Stream.of(WORDS.stream(), columns, tables).flatMap(names -> names).toList());
    }

    /** Asks for another line until a semicolon. */
    private static final class StatementParser extends DefaultParser {
        @Override
        public ParsedLine parse(String line, int cursor, ParseContext context) {
            if (context == ParseContext.ACCEPT_LINE
                    && !isWordOfPrompt(line)
                    && SqlStatement.isUnfinished(line)) {
                throw new EOFError(-1, cursor, "No semicolon yet");
            }
            // Quotes and brackets are the engine's to judge.
            return super.parse(line, cursor, ParseContext.COMPLETE);
        }
    }
}
