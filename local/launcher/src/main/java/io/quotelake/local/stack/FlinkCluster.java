package io.quotelake.local.stack;

import io.quotelake.local.Installation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A JobManager and its TaskManagers, configured as real clusters are, and Flink's command-line
 * client for them.
 */
public final class FlinkCluster {
    private final StackOptions options;
    private final FlinkConfiguration configuration;
    private final FlinkRuntime runtime;
    private final JobManager jobManager;
    private final List<TaskManager> taskManagers = new ArrayList<>();

    FlinkCluster(Installation installation, StackOptions options) {
        this.options = options;
        configuration =
                new FlinkConfiguration(
                        installation.flinkConf(), options.state().flink().resolve("conf"));
        runtime = new FlinkRuntime(installation, options, configuration);
        jobManager = new JobManager(options, runtime, configuration);
        for (int number = 1; number <= options.taskManagers(); number++) {
            taskManagers.add(new TaskManager(options, runtime, configuration, jobManager, number));
        }
    }

    public JobManager jobManager() {
        return jobManager;
    }

    public List<TaskManager> taskManagers() {
        return List.copyOf(taskManagers);
    }

    /** Flink's REST interface. */
    public FlinkRest rest() {
        return jobManager.rest();
    }

    /** Flink's command-line client for this cluster. */
    public FlinkClient client() {
        return new FlinkClient(runtime, options.state());
    }

    void configure(URI s3Endpoint, S3Keys keys) throws IOException {
        StateDirectory state = options.state();
        Files.createDirectories(state.temporary());
        runtime.installPlugins();
        configuration.setAll(
                Map.of(
                        "jobmanager.rpc.address", Ports.ADDRESS,
                        "jobmanager.bind-host", Ports.ADDRESS,
                        "taskmanager.host", Ports.ADDRESS,
                        "taskmanager.bind-host", Ports.ADDRESS,
                        "rest.address", Ports.ADDRESS,
                        "rest.bind-address", Ports.ADDRESS,
                        "io.tmp.dirs", state.temporary().toString(),
                        "execution.checkpointing.dir",
                                "s3://" + StateDirectory.FLINK_BUCKET + "/checkpoints",
                        "execution.checkpointing.savepoint-dir",
                                "s3://" + StateDirectory.FLINK_BUCKET + "/savepoints",
                        "jobmanager.memory.process.size", "1024m"));
        // The one of flink-conf would answer on every address of this machine.
        configuration.set(
                "metrics.reporter.prom.factory.class",
                "org.apache.flink.metrics.prometheus.LoopbackPrometheusReporterFactory");
        configuration.set("web.tmpdir", state.temporary().toString());
        configuration.setS3(options.routeToS3(s3Endpoint), keys);
    }
}
