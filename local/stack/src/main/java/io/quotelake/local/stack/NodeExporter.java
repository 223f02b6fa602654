package io.quotelake.local.stack;

import io.quotelake.local.process.ProgramCommand;
import io.quotelake.local.process.ProgramPath;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Shows the machine's own figures, such as free disk, to Prometheus. */
final class NodeExporter extends Service {
    private final Path program;
    private int port;

    NodeExporter(Path program, StackOptions options) {
        super("Host metrics", "host", options.state());
        this.program = program;
    }

    /** The installed program: Debian's name, or the project's own. */
    static Optional<Path> program() {
        return ProgramPath.find("prometheus-node-exporter", "node_exporter");
    }

    @Override
    public String address() {
        return metricsOn(port).toString();
    }

    @Override
    public Optional<URI> metrics() {
        return Optional.of(metricsOn(port));
    }

    @Override
    protected void choosePorts() {
        port = Ports.free();
    }

    @Override
    protected ProgramCommand command() {
        return () ->
                List.of(program.toString(), "--web.listen-address=" + Ports.ADDRESS + ":" + port);
    }

    @Override
    public boolean answers() {
        return answersAt(metricsOn(port));
    }
}
