package io.quotelake.local.sql;

import io.quotelake.local.process.ProgramPath;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Shows a long result a screen at a time, with {@code less} where that is installed. */
final class Pager implements AutoCloseable {
    private final PrintStream stream;
    private final Process process;

    private Pager(PrintStream stream, Process process) {
        this.stream = stream;
        this.process = process;
    }

    /**
     * The pager, or the output itself.
     *
     * @param terminal whether a person looks at the output
     */
    static Pager of(PrintStream out, boolean terminal) {
        Optional<Path> less = terminal ? ProgramPath.find("less") : Optional.empty();
        if (less.isEmpty()) {
            return new Pager(out, null);
        }
        out.flush();
        try {
            // A result that fits the screen is printed, and less has ended.
            Process process =
                    new ProcessBuilder(less.get().toString(), "-FX")
                            .redirectOutput(Redirect.INHERIT)
                            .redirectError(Redirect.INHERIT)
                            .start();
            return new Pager(
                    new PrintStream(process.getOutputStream(), false, StandardCharsets.UTF_8),
                    process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has an error once the user has seen enough. */
    PrintStream stream() {
        return stream;
    }

    @Override
    public void close() {
        stream.flush();
        if (process != null) {
            stream.close();
            process.onExit().join();
        }
    }
}
