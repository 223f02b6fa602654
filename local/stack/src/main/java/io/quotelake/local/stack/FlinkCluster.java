package io.quotelake.local.stack;

import io.quotelake.flink.FlinkRest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * JobManagers and their TaskManagers, configured as real clusters are, and Flink's command-line
 * client for them. Several JobManagers have a ZooKeeper.
 */
public final class FlinkCluster {
    private final StackOptions options;
    private final FlinkConfiguration configuration;
    private final FlinkRuntime runtime;
    private final List<ZooKeeper> zooKeepers = new ArrayList<>();
    private final List<JobManager> jobManagers = new ArrayList<>();
    private final List<TaskManager> taskManagers = new ArrayList<>();
    private FlinkRest rest;

    public FlinkCluster(Installation installation, StackOptions options) {
        this.options = options;
        configuration =
                new FlinkConfiguration(
                        installation.flinkConf(), options.state().flink().resolve("conf"));
        runtime = new FlinkRuntime(installation, options, configuration);
        if (isHighlyAvailable()) {
            zooKeepers.add(new ZooKeeper(options, runtime, configuration));
        }
        for (int number = 1; number <= options.jobManagers(); number++) {
            jobManagers.add(new JobManager(options, runtime, configuration, number));
        }
        for (int number = 1; number <= options.taskManagers(); number++) {
            taskManagers.add(new TaskManager(options, runtime, configuration, this::rest, number));
        }
    }

    /** Whether another JobManager goes on with the jobs of one that dies. */
    public boolean isHighlyAvailable() {
        return options.jobManagers() > 1;
    }

    /** The first one leads at first. */
    public List<JobManager> jobManagers() {
        return List.copyOf(jobManagers);
    }

    public List<TaskManager> taskManagers() {
        return List.copyOf(taskManagers);
    }

    /** All processes, in the order in which they are started. */
    List<Service> services() {
        List<Service> services = new ArrayList<>(zooKeepers);
        services.addAll(jobManagers);
        services.addAll(taskManagers);
        return services;
    }

    /** Flink's REST interface, at whichever JobManager answers; they have been started. */
    public FlinkRest rest() {
        if (rest == null) {
            rest = FlinkRest.ofAny(jobManagers.stream().map(JobManager::rest).toList());
        }
        return rest;
    }

    /** Flink's command-line client for this cluster. */
    public FlinkClient client() {
        return new FlinkClient(runtime, options.state());
    }

    public void configure(URI s3Endpoint, S3Keys keys) throws IOException {
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
