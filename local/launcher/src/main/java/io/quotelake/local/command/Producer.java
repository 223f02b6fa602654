package io.quotelake.local.command;

import io.quotelake.local.Failure;
import io.quotelake.local.Settings;
import io.quotelake.local.Workspace;
import io.quotelake.local.process.ChildProcess;
import io.quotelake.local.process.JavaCommand;
import io.quotelake.local.process.Leash;
import io.quotelake.local.process.LogTail;
import io.quotelake.local.stack.Prometheus;
import io.quotelake.local.stack.StateDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The project's producer, run as the program that it is. */
final class Producer {
    private static final Set<String> FEEDS = Set.of("replay", "sample");

    private final Workspace workspace;
    private final Optional<String> brokers;

    /**
     * @param brokers where it sends to; empty when its arguments say that, or that it sends nothing
     */
    Producer(Workspace workspace, Optional<String> brokers) {
        this.workspace = workspace;
        this.brokers = brokers;
    }

    /**
     * On the user's terminal, until its end. Ctrl-C reaches it directly, and it is given time to
     * flush.
     */
    int inForeground(List<String> arguments) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(Leash.onTerminal(command(arguments).words())).inheritIO();
        builder.environment().putAll(environment());
        Process producer = builder.start();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> awaitFlush(producer), "wait-for-producer"));
        return producer.onExit().join().exitValue();
    }

    /** Whichever signal ended this JVM, the producer gets one too. */
    private static void awaitFlush(Process producer) {
        producer.destroy();
        producer.onExit().join();
    }

    /** With its output in a log file. */
    ChildProcess inBackground(List<String> arguments) throws IOException {
        Path log = workspace.state().logs().resolve("producer.log");
        Files.deleteIfExists(log);
        return ChildProcess.start(command(arguments), environment(), log, workspace.state().run());
    }

    /**
     * Looks at the first rows of a file that is to be published, and sends nothing.
     *
     * @throws Failure if it is no CSV file of quotes, or has no row that can be published
     */
    void demandRows(Path csv) throws IOException {
        Files.createDirectories(workspace.state().temporary());
        Path directory = Files.createTempDirectory(workspace.state().temporary(), "look");
        Path rows = directory.resolve("rows");
        Path errors = directory.resolve("errors");
        try {
            List<String> look =
                    new JavaCommand()
                            .shortLived()
                            .options("-Xmx256m", "-Djava.io.tmpdir=" + directory)
                            .jar(workspace.installation().producerJar())
                            .arguments("replay", csv.toString(), "--dry-run", "--limit", "1")
                            .words();
            // In a directory of its own: rows that can't be sent go to a file there.
            Process producer =
                    new ProcessBuilder(Leash.inBackground(look))
                            .directory(directory.toFile())
                            .redirectOutput(rows.toFile())
                            .redirectError(errors.toFile())
                            .start();
            if (producer.onExit().join().exitValue() != 0) {
                String said = LogTail.reason(LogTail.of(errors, 20));
                throw Failure.ofUse("--csv: " + said.replaceFirst("^quotelake-producer: ", ""));
            }
            if (Files.size(rows) == 0) {
                throw Failure.ofUse(csv + " has no row that can be published");
            }
        } finally {
            StateDirectory.delete(directory);
        }
    }

    private JavaCommand command(List<String> arguments) {
        JavaCommand command =
                new JavaCommand()
                        .options("-Xmx256m", "-Djava.io.tmpdir=" + temporary())
                        .jar(workspace.installation().producerJar())
                        .arguments(arguments);
        boolean feeds = FEEDS.contains(arguments.get(0)) && !arguments.contains("--metrics");
        return feeds ? watched(command) : command;
    }

    private Path temporary() {
        try {
            return Files.createDirectories(workspace.state().temporary());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JavaCommand watched(JavaCommand command) {
        try {
            OptionalInt port = Prometheus.watch("producer", workspace.state());
            return port.isPresent()
                    ? command.arguments("--metrics", "" + port.getAsInt())
                    : command;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put(Settings.TOPIC, workspace.settings().topic());
        brokers.ifPresent(address -> environment.put(Settings.BROKERS, address));
        return environment;
    }
}
