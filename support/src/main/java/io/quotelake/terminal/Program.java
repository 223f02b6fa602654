package io.quotelake.terminal;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * A program with commands: wrong use is one line and exit code 2, a failure one line and exit code
 * 1, and no stack trace reaches the terminal.
 *
 * @param invocation how a person starts it, for the advice to ask it for help
 * @param directory what it fills: a full disk is named as the cause of what fails then
 * @param log takes the stack trace of what was not foreseen
 */
public record Program(String invocation, Path directory, Path log) {
    private static final int HELP_WIDTH = 100;
    private static final long FULL_DISK_BYTES = 64 << 20;

    private static volatile boolean stopping;

    /**
     * Runs it and ends the process with its exit code.
     *
     * @param commands an object with picocli's annotations
     */
    public void main(Object commands, String[] args) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopping = true, "note-stop"));
        Locale.setDefault(Locale.ROOT);
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> failed(e));
        StandardOutput.install();
        System.exit(execute(commands, args));
    }

    /** Runs it in a process that goes on, and returns the exit code. */
    public int execute(Object commands, String... args) {
        try {
            int exitCode = commandLine(commands).execute(args);
            System.out.flush();
            return exitCode;
        } catch (Failure | Error e) {
            return failed(e);
        }
    }

    /** All commands, with their options. */
    public CommandLine commandLine(Object commands) {
        return new CommandLine(commands)
                .setParameterExceptionHandler(this::wrongUse)
                .setExecutionExceptionHandler((e, command, parsed) -> failed(e))
                .setErr(new PrintWriter(Writer.nullWriter()))
                .setUsageHelpWidth(HELP_WIDTH)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    private int wrongUse(ParameterException e, String[] args) {
        String name = e.getCommandLine().getCommandSpec().qualifiedName();
        String see = ". See " + name.replaceFirst("^\\S+", invocation) + " --help";
        String message = Sentence.withoutClassNames(e.getMessage()).replaceAll("[.\\s]+$", "");
        int room = Sentence.MAX_CHARACTERS - see.length();
        System.err.println(
                (message.length() <= room ? message : message.substring(0, room - 1) + "…") + see);
        return 2;
    }

    private int failed(Throwable e) {
        if (stopping) {
            return 1; // What is stopped by Ctrl-C fails whoever still asks it.
        }
        Optional<Failure> foreseen = Sentence.failure(e);
        if (foreseen.isPresent()) {
            Failure failure = foreseen.get();
            String fullDisk = failure.exitCode() == 1 ? fullDisk() : "";
            System.err.println(
                    "quotelake: " + Sentence.withoutClassNames(failure.getMessage()) + fullDisk);
            return failure.exitCode();
        }
        System.err.println(
                "quotelake: " + Sentence.cut(Sentence.of(e)) + fullDisk() + keptTrace(e));
        return 1;
    }

    /** A full disk makes everything fail, each thing with another message. */
    private String fullDisk() {
        long free = directory.toFile().getUsableSpace();
        boolean full = Files.isDirectory(directory) && free < FULL_DISK_BYTES;
        return full
                ? ". The disk is full: %d MiB are free under %s".formatted(free >> 20, directory)
                : "";
    }

    /** What was not foreseen is worth a stack trace, in a file. */
    private String keptTrace(Throwable e) {
        try {
            Files.createDirectories(log.getParent());
            try (PrintWriter writer = new PrintWriter(Files.newBufferedWriter(log))) {
                writer.println(Instant.now());
                e.printStackTrace(writer);
            }
            return " (details: " + log + ")";
        } catch (IOException unwritable) {
            return "";
        }
    }
}
