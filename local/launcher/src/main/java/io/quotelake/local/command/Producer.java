package io.quotelake.local.command;

import io.quotelake.local.Settings;
import io.quotelake.local.Workspace;
import io.quotelake.local.process.ChildProcess;
import io.quotelake.local.process.JavaCommand;
import io.quotelake.local.stack.Prometheus;
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
        ProcessBuilder builder = new ProcessBuilder(command(arguments).words()).inheritIO();
        builder.environment().putAll(environment());
        Process producer = builder.start();
        Thread waitForFlush = new Thread(() -> producer.onExit().join(), "wait-for-producer");
        Runtime.getRuntime().addShutdownHook(waitForFlush);
        return producer.onExit().join().exitValue();
    }

    /** With its output in a log file. */
    ChildProcess inBackground(List<String> arguments) throws IOException {
        Path log = workspace.state().logs().resolve("producer.log");
        Files.deleteIfExists(log);
        return ChildProcess.start(command(arguments), environment(), log, workspace.state().run());
    }

    private JavaCommand command(List<String> arguments) {
        JavaCommand command =
                new JavaCommand()
                        .options("-Xmx256m")
                        .jar(workspace.installation().producerJar())
                        .arguments(arguments);
        boolean feeds = FEEDS.contains(arguments.get(0)) && !arguments.contains("--metrics");
        return feeds ? watched(command) : command;
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
