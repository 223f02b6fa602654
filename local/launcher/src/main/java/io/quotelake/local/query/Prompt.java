package io.quotelake.local.query;

import io.quotelake.local.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
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
    private static final Set<String> EXITS = Set.of("exit", "quit", "\\q");
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

    /**
     * @param definition whose names the tabulator key completes
     * @param history the file that keeps what was asked
     */
    Prompt(TableDefinition definition, Path history) {
        this.definition = definition;
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
                            .variable(LineReader.HISTORY_FILE, history)
                            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "        -> ")
                            .build();
            while (true) {
                String line = read(reader);
                if (line == null || isExit(line)) {
                    return;
                }
                if (line.isBlank()) {
                    continue;
                }
                try {
                    runner.run(line);
                } catch (Failure e) {
                    terminal.writer().println(e.getMessage());
                    terminal.flush();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    private static boolean isExit(String line) {
        return EXITS.contains(line.strip().replaceAll("\\s*;$", "").toLowerCase());
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
                    && !isExit(line)
                    && SqlStatement.isUnfinished(line)) {
                throw new EOFError(-1, cursor, "No semicolon yet");
            }
            // Quotes and brackets are the engine's to judge.
            return super.parse(line, cursor, ParseContext.COMPLETE);
        }
    }
}
