package io.quotelake.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * An operating-system process that this launcher started: its output goes to a file, and a pid file
 * remembers it. It ends with the launcher, also when that is killed. It does not get the terminal's
 * Ctrl-C: the launcher stops its children itself, in order.
 */
public final class ChildProcess implements AutoCloseable {
    /** Long enough for a broker to close its logs. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Process process;
    private final Path output;
    private final Path pidFile;

    private ChildProcess(Process process, Path output, Path pidFile) {
        this.process = process;
        this.output = output;
        this.pidFile = pidFile;
    }

    /**
     * Starts a command.
     *
     * @param command what to run
     * @param environment variables beside the launcher's own
     * @param output gets the standard output and error, after what is there
     * @param pidDirectory gets a pid file with the name of the output file
     */
    public static ChildProcess start(
            ProgramCommand command,
            Map<String, String> environment,
            Path output,
            Path pidDirectory) {
        ProcessBuilder builder =
                new ProcessBuilder(Leash.inBackground(command.words()))
                        .redirectOutput(Redirect.appendTo(output.toFile()))
                        .redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Files.createDirectories(output.getParent());
            Process process = builder.start();
            String name = output.getFileName().toString();
            return new ChildProcess(
                    process, output, PidFile.write(pidDirectory, name, process.toHandle()));
        } catch (IOException e) {
            throw new UncheckedIOException("Can't be started: " + command.words(), e);
        }
    }

    /** The process id. */
    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Completes when the process has ended, with its exit code; 128 + n stands for the signal n.
     */
    public CompletableFuture<Integer> onExit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /** The file that its standard output and error go to. */
    public Path output() {
        return output;
    }

    /** Ends it at once, as {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
        onExit().join();
    }

    /** Ends it politely, by force after ten seconds. */
    @Override
    public void close() {
        Termination.of(process.toHandle(), GRACE);
        try {
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
