package io.quotelake.local.stack;

import io.quotelake.local.process.ProgramCommand;
import io.quotelake.local.process.ProgramPath;
import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** Prometheus with the project's rules, which asks every service for its figures. */
public final class Prometheus extends Service {
    /** The port that people know. */
    public static final int USUAL_PORT = 9090;

    private static final String STACK_FILE = "stack.yml";

    private final Path program;
    private final Installation installation;
    private final Supplier<List<Service>> services;
    private int port;

    Prometheus(
            Path program,
            Installation installation,
            StackOptions options,
            Supplier<List<Service>> services) {
        super("Prometheus", "prometheus", options.state());
        this.program = program;
        this.installation = installation;
        this.services = services;
    }

    /**
     * The installed program.
     *
     * @throws Failure if there is none
     */
    static Path program() {
        return ProgramPath.find("prometheus")
                .orElseThrow(
                        () ->
                                Failure.ofUse(
                                        "--monitoring needs Prometheus, which is not installed here (Debian: apt install prometheus)"));
    }

    /**
     * Has a short-lived process asked for its figures too, until this JVM ends.
     *
     * @return the port that it shall show them on; none if no Prometheus watches this stack
     */
    public static OptionalInt watch(String service, StateDirectory state) throws IOException {
        if (!Files.exists(targets(state).resolve(STACK_FILE))) {
            return OptionalInt.empty();
        }
        int port = Ports.free();
        Path file = targets(state).resolve(service + "-" + port + ".yml");
        Files.writeString(file, target(service, metricsOn(port)));
        file.toFile().deleteOnExit();
        return OptionalInt.of(port);
    }

    static void forgetTargets(StateDirectory state) throws IOException {
        if (Files.isDirectory(targets(state))) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(targets(state))) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
        }
    }

    private static Path targets(StateDirectory state) {
        return state.prometheus().resolve("targets");
    }

    private static String target(String service, URI metrics) {
        return "- targets: ['%s']%n  labels: {part: %s}%n"
                .formatted(metrics.getAuthority(), service);
    }

    /** Its web page and query interface. */
    public URI uri() {
        return URI.create("http://" + Ports.ADDRESS + ":" + port);
    }

    @Override
    public String address() {
        return uri().toString();
    }

    @Override
    public OptionalInt usualPort() {
        return OptionalInt.of(USUAL_PORT);
    }

    @Override
    public Optional<URI> metrics() {
        return Optional.of(metricsOn(port));
    }

    @Override
    protected void choosePorts() {
        port = Ports.usualOrFree(USUAL_PORT);
    }

    @Override
    protected ProgramCommand command() throws IOException {
        Path directory = state().prometheus();
        Files.createDirectories(targets(state()));
        for (String file : List.of("prometheus.yml", "rules.yml")) {
            Files.copy(
                    installation.monitoring().resolve("prometheus").resolve(file),
                    directory.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        StringBuilder all = new StringBuilder();
        for (Service service : services.get()) {
            service.metrics().ifPresent(uri -> all.append(target(service.fileName(), uri)));
        }
        Files.writeString(targets(state()).resolve(STACK_FILE), all);
        return () ->
                List.of(
                        program.toString(),
                        "--config.file=" + directory.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--storage.tsdb.retention.time=1d",
                        "--web.listen-address=" + Ports.ADDRESS + ":" + port);
    }

    @Override
    public boolean answers() {
        return answersAt(uri().resolve("/-/ready"));
    }
}
