package io.quotelake.local.stack;

import io.quotelake.flink.FlinkRest;
import io.quotelake.local.process.JavaCommand;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** One of Flink's TaskManagers: where the job's code runs. */
public final class TaskManager extends Service {
    private final FlinkRuntime runtime;
    private final FlinkConfiguration configuration;
    private final Supplier<FlinkRest> rest;
    private final int number;
    private FlinkRuntime.Memory memory;
    private int starts;
    private int metricsPort;

    TaskManager(
            StackOptions options,
            FlinkRuntime runtime,
            FlinkConfiguration configuration,
            Supplier<FlinkRest> rest,
            int number) {
        super("Flink TaskManager " + number, "taskmanager-" + number, options.state());
        this.runtime = runtime;
        this.configuration = configuration;
        this.rest = rest;
        this.number = number;
    }

    @Override
    public String address() {
        return "";
    }

    @Override
    public Optional<URI> metrics() {
        return Optional.of(metricsOn(metricsPort));
    }

    /** Flink picks its other ports itself. */
    @Override
    protected void choosePorts() {
        metricsPort = Ports.free();
    }

    @Override
    protected JavaCommand command() throws IOException {
        if (memory == null) {
            memory = runtime.memory("GET_TM_RESOURCE_PARAMS");
        }
        starts++;
        return runtime.main(
                        runtime.java("taskmanager", "log4j.properties", log())
                                .options(memory.jvmOptions()),
                        "org.apache.flink.runtime.taskexecutor.TaskManagerRunner")
                .arguments("--configDir", configuration.directory().toString())
                .arguments(memory.arguments())
                .arguments("-D", JobManager.METRICS_PORT + "=" + metricsPort)
                .arguments("-D", "taskmanager.resource-id=" + resourceId());
    }

    @Override
    protected Map<String, String> environment() {
        return runtime.environment();
    }

    @Override
    protected List<Path> logs() {
        return List.of(log(), output());
    }

    @Override
    public boolean answers() {
        return rest.get().taskManagers().contains(resourceId());
    }

    /** Another one for each start: the JobManager may still list the one that died. */
    private String resourceId() {
        return "taskmanager-" + number + "-" + starts;
    }
}
