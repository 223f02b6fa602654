package io.quotelake.local.stack;

import com.fasterxml.jackson.databind.JsonNode;
import io.quotelake.local.process.JavaCommand;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Flink's JobManager as a session cluster, with the web UI. */
public final class JobManager extends Part {
    /** The port of Flink's web UI. */
    public static final int USUAL_PORT = 8081;

    /** Where the reporter of {@code flink-conf} shows the metrics of a process. */
    static final String METRICS_PORT = "metrics.reporter.prom.port";

    private static final String RPC_PORT = "jobmanager.rpc.port";

    private final StackOptions options;
    private final FlinkRuntime runtime;
    private final FlinkConfiguration configuration;
    private FlinkRest rest;
    private String rpcPort;
    private int metricsPort;

    JobManager(StackOptions options, FlinkRuntime runtime, FlinkConfiguration configuration) {
        super("Flink JobManager", "jobmanager", options.state());
        this.options = options;
        this.runtime = runtime;
        this.configuration = configuration;
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
    public URI metrics() {
        return metricsOn(metricsPort);
    }

    @Override
    public OptionalInt usualPort() {
        return OptionalInt.of(USUAL_PORT);
    }

    @Override
    void choosePorts() {
        metricsPort = Ports.free();
        int webPort = options.webPort() > 0 ? options.webPort() : options.usualOrFree(USUAL_PORT);
        rest = new FlinkRest(URI.create("http://" + Ports.ADDRESS + ":" + webPort));
        configuration.set(METRICS_PORT, Integer.toString(metricsPort));
        configuration.set("rest.port", Integer.toString(webPort));
        rpcPort = Integer.toString(Ports.free());
        configuration.set(RPC_PORT, rpcPort);
        configuration.setAll(options.flinkConfiguration());
    }

    @Override
    JavaCommand command() throws IOException {
        configuration.write();
        FlinkRuntime.Memory memory = runtime.memory("GET_JM_RESOURCE_PARAMS");
        return runtime.main(
                        runtime.java("jobmanager", "log4j.properties", log())
                                .options(memory.jvmOptions()),
                        "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint")
                .arguments(
                        "--configDir",
                        configuration.directory().toString(),
                        "--executionMode",
                        "cluster")
                .arguments(memory.arguments());
    }

    @Override
    Map<String, String> environment() {
        return runtime.environment();
    }

    @Override
    List<Path> logs() {
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
