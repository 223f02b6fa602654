package io.quotelake.local.stack;

import com.fasterxml.jackson.databind.JsonNode;
import io.quotelake.flink.FlinkRest;
import io.quotelake.local.process.JavaCommand;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** One of Flink's JobManagers, with the web UI: of a session cluster, or of the job alone. */
public final class JobManager extends Service {
    /** The port of Flink's web UI. */
    public static final int USUAL_PORT = 8081;

    /** Where the reporter of {@code flink-conf} shows the metrics of a process. */
    static final String METRICS_PORT = "metrics.reporter.prom.port";

    private static final String REST_PORT = "rest.port";
    private static final String RPC_PORT = "jobmanager.rpc.port";

    private static final String SESSION =
            "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint";
    private static final String APPLICATION =
            "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint";

    private final StackOptions options;
    private final FlinkRuntime runtime;
    private final FlinkConfiguration configuration;
    private final boolean first;
    private FlinkRest rest;
    private String rpcPort;
    private int metricsPort;

    /**
     * @param number from 1; the first one's address is in everybody's configuration
     */
    JobManager(
            StackOptions options,
            FlinkRuntime runtime,
            FlinkConfiguration configuration,
            int number) {
        super(
                number == 1 ? "Flink JobManager" : "Flink JobManager " + number,
                number == 1 ? "jobmanager" : "jobmanager-" + number,
                options.state());
        this.options = options;
        this.runtime = runtime;
        this.configuration = configuration;
        first = number == 1;
    }

    /** Its REST interface, which also serves the web UI. */
    public FlinkRest rest() {
        return rest;
    }

    @Override
    public String address() {
        return rest.address().toString();
    }

    @Override
    public Optional<URI> metrics() {
        return Optional.of(metricsOn(metricsPort));
    }

    @Override
    public OptionalInt usualPort() {
        return first ? OptionalInt.of(USUAL_PORT) : OptionalInt.empty();
    }

    @Override
    protected void choosePorts() {
        metricsPort = Ports.free();
        int webPort = first ? webPort() : Ports.free();
        rest = new FlinkRest(URI.create("http://" + Ports.ADDRESS + ":" + webPort));
        rpcPort = Integer.toString(Ports.free());
        if (first) {
            configuration.set(METRICS_PORT, Integer.toString(metricsPort));
            configuration.set(REST_PORT, Integer.toString(webPort));
            configuration.set(RPC_PORT, rpcPort);
            configuration.setAll(options.flinkConfiguration());
        }
    }

    private int webPort() {
        return options.webPort() > 0 ? options.webPort() : options.usualOrFree(USUAL_PORT);
    }

    @Override
    protected JavaCommand command() throws IOException {
        configuration.write();
        FlinkRuntime.Memory memory = runtime.memory("GET_JM_RESOURCE_PARAMS");
        JavaCommand java =
                runtime.java("jobmanager", "log4j.properties", log()).options(memory.jvmOptions());
        JavaCommand command =
                runtime.main(java, options.application() == null ? SESSION : APPLICATION)
                        .arguments("--configDir", configuration.directory().toString())
                        .arguments("-D", METRICS_PORT + "=" + metricsPort)
                        .arguments("-D", REST_PORT + "=" + rest.address().getPort())
                        .arguments("-D", RPC_PORT + "=" + rpcPort)
                        .arguments("-D", "high-availability.jobmanager.port=" + rpcPort)
                        .arguments(memory.arguments());
        return options.application() == null
                ? command
                : command.arguments(options.application().arguments());
    }

    @Override
    protected Map<String, String> environment() throws IOException {
        Map<String, String> environment = new HashMap<>(runtime.environment());
        if (options.application() != null) {
            environment.putAll(runtime.installJob());
            environment.putAll(options.application().environment());
        }
        return environment;
    }

    @Override
    protected List<Path> logs() {
        return List.of(log(), output());
    }

    @Override
    public boolean answers() {
        try {
            for (JsonNode setting : rest.get("/jobmanager/config")) {
                if (setting.path("key").asText().equals(RPC_PORT)) {
                    // Another one may have taken the port since it was seen to be free.
                    return setting.path("value").asText().equals(rpcPort);
                }
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }
}
