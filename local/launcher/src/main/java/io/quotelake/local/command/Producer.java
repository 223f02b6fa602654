package io.quotelake.local.command;

import io.quotelake.local.process.ChildProcess;
import io.quotelake.local.process.JavaCommand;
import io.quotelake.local.process.Leash;
import io.quotelake.local.process.LogTail;
import io.quotelake.local.stack.Prometheus;
import io.quotelake.local.stack.Settings;
import io.quotelake.local.stack.StateDirectory;
import io.quotelake.local.stack.Workspace;
import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** The project's producer, run as the program that it is. */
final class Producer {
    private static final Set<String> FEEDS = Set.of("replay", "sample");

    private static final int LINES_OF_TRIAL = 40;

    /** The producer's words for rows that the job will not take, when there are no others. */
    private static final Pattern ALL_DEAD =
            Pattern.compile("^\\s*([\\d,]+) of \\1 rows will be dead letters: ");

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
     * Reads a file that is to be published, and sends nothing.
     *
     * @throws Failure if it is no CSV file of quotes, or has no row that can be published, or only
     *     such as the job makes dead letters
     */
    void demandRows(Path csv) throws IOException {
        Trial trial = tryOut(List.of("replay", csv.toString()));
        if (trial.exitCode != 0) {
            throw Failure.ofUse("--csv: " + trial.reason());
        }
        if (!trial.sendsRows) {
            throw Failure.ofUse(csv + " has no row that can be published");
        }
        Optional<String> useless = trial.said.stream().filter(ALL_DEAD.asPredicate()).findFirst();
        if (useless.isPresent()) {
            throw Failure.ofUse(
                    "--csv: %s. produce has these options: ./quotelake up, then submit, and produce FILE with one"
                            .formatted(useless.get().strip()));
        }
    }

    /**
     * Looks for what is wrong with a feed's arguments or its files, and sends nothing.
     *
     * @throws Failure that says it
     */
    void demandNoMistake(List<String> arguments) throws IOException {
        Trial trial = tryOut(arguments);
        if (trial.exitCode == 2) {
            throw Failure.ofUse(trial.reason());
        }
    }

    /** Lets the producer go up to its first row, which it prints instead of sending it. */
    private Trial tryOut(List<String> arguments) throws IOException {
        Path directory = Files.createTempDirectory("quotelake-trial");
        Path errors = directory.resolve("errors");
        List<String> words = new ArrayList<>(arguments);
        words.add("--dry-run");
        if (words.stream().noneMatch(word -> word.startsWith("--rejects"))) {
            words.add("--rejects=" + directory.resolve("rejects"));
        }
        try {
            Process producer =
                    new ProcessBuilder(
                                    Leash.inBackground(
                                            new JavaCommand()
                                                    .shortLived()
                                                    .options("-Xmx256m")
                                                    .options("-Djava.io.tmpdir=" + directory)
                                                    .jar(workspace.installation().producerJar())
                                                    .arguments(words)
                                                    .words()))
                            .redirectError(errors.toFile())
                            .start();
            boolean sendsRows = producer.getInputStream().read() >= 0;
            if (sendsRows) {
                producer.destroyForcibly();
            }
            int exitCode = producer.onExit().join().exitValue();
            return new Trial(
                    sendsRows ? 0 : exitCode, sendsRows, LogTail.of(errors, LINES_OF_TRIAL));
        } finally {
            StateDirectory.delete(directory);
        }
    }

    /**
     * What a feed does that sends nothing.
     *
     * @param said on standard error
     */
    private record Trial(int exitCode, boolean sendsRows, List<String> said) {
        String reason() {
            return LogTail.reason(said).replaceFirst("^quotelake-producer: ", "");
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
