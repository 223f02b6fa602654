package io.quotelake.local.command;

import io.quotelake.local.stack.JobManager;
import io.quotelake.local.stack.KafkaBroker;
import io.quotelake.local.stack.Prometheus;
import io.quotelake.local.stack.S3Endpoint;
import io.quotelake.local.stack.S3Keys;
import io.quotelake.local.stack.Service;
import io.quotelake.local.stack.Stack;
import io.quotelake.local.stack.StackOptions;
import io.quotelake.local.stack.Workspace;
import io.quotelake.terminal.Console;
import io.quotelake.terminal.Count;
import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of every command that starts a stack. */
public final class StackMixin {
    private static final int MAX_COUNT = 16;

    /** Room for two slots to share; the records of an index stay in one, by their key. */
    private static final int TOPIC_PARTITIONS = 4;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            converter = PortConverter.class,
            description =
                    "Port of the broker. Default: "
                            + KafkaBroker.USUAL_PORT
                            + ", or a free one if that is in use.")
    private int kafkaPort;

    @Option(
            names = "--s3-port",
            paramLabel = "PORT",
            converter = PortConverter.class,
            description =
                    "Port of the S3 endpoint. Default: "
                            + S3Endpoint.USUAL_PORT
                            + ", or a free one.")
    private int s3Port;

    @Option(
            names = "--web-port",
            paramLabel = "PORT",
            converter = PortConverter.class,
            description =
                    "Port of Flink's web UI. Default: "
                            + JobManager.USUAL_PORT
                            + ", or a free one.")
    private int webPort;

    @Option(
            names = "--task-managers",
            paramLabel = "N",
            defaultValue = "1",
            description = "TaskManagers, 1 to 16 of 1.6 GB each. Default: ${DEFAULT-VALUE}")
    private int taskManagers;

    @Option(
            names = "--slots",
            paramLabel = "M",
            defaultValue = "2",
            description = "Slots of each TaskManager, 1 to 16. Default: ${DEFAULT-VALUE}")
    private int slots;

    @Option(
            names = "--monitoring",
            description =
                    "Start the installed Prometheus too, with the rules of monitoring/, on port "
                            + Prometheus.USUAL_PORT
                            + " or a free one.")
    private boolean monitoring;

    @Option(
            names = "--json-logs",
            description = "Log one JSON object a line, for machines, instead of readable lines.")
    private boolean jsonLogs;

    @Option(names = "--no-dashboard", description = "Don't start the dashboard.")
    private boolean withoutDashboard;

    private String dashboardAddress;

    StackOptions options(Workspace workspace) {
        checkCount("--task-managers", taskManagers);
        checkCount("--slots", slots);
        return new StackOptions(workspace.state())
                .settings(workspace.settings())
                .kafkaPort(kafkaPort)
                .s3Port(s3Port)
                .webPort(webPort)
                .jsonLogs(jsonLogs)
                .monitoring(monitoring)
                .taskManagers(taskManagers)
                .flink("taskmanager.numberOfTaskSlots", Integer.toString(slots))
                // Live figures: the web UI would else ask the TaskManagers every ten seconds.
                .flink("metrics.fetcher.update-interval", "2000");
    }

    private static void checkCount(String option, int count) {
        if (count < 1 || count > MAX_COUNT) {
            throw Failure.ofUse("%s is %d: it is from 1 to %d".formatted(option, count, MAX_COUNT));
        }
    }

    /** Starts the stack with its topic and bucket, and says so. */
    static Stack start(Workspace workspace, StackOptions options) {
        Console console = workspace.console();
        Stack stack =
                Stack.start(
                        workspace.installation(),
                        options.whenStarting(starting -> starting(console, starting))
                                .whenReady((service, time) -> ready(console, service, time)));
        String topic = workspace.settings().topic();
        stack.s3().createBucket(workspace.settings().bucket());
        stack.broker().createTopic(topic, TOPIC_PARTITIONS);
        return stack;
    }

    /**
     * Starts the dashboard, unless that is not wanted, and says where it is.
     *
     * @param csv the file that is published, if one is
     */
    void startDashboard(Workspace workspace, Stack stack, Optional<Path> csv) throws IOException {
        if (withoutDashboard) {
            return;
        }
        Dashboard dashboard = new Dashboard(workspace);
        dashboardAddress = dashboard.address(dashboard.beside(stack, csv));
        workspace.console().line("  %-36s  %s", "Dashboard", dashboardAddress);
    }

    /** Where to look, once all is up. */
    void printAddresses(Workspace workspace, Stack stack) {
        Console console = workspace.console();
        if (dashboardAddress != null) {
            console.line("  Dashboard %s", dashboardAddress);
        }
        String bucket = workspace.settings().bucket();
        console.line("  Web UI    %s", stack.flink().rest().address());
        console.line(
                "  Broker    %s, topic %s",
                stack.broker().bootstrapServers(), workspace.settings().topic());
        console.line(
                "  Bucket    s3://%s at %s, keys in %s",
                bucket, stack.s3().uri(), S3Keys.file(workspace.state()));
        console.line("            as files: %s", stack.s3().bucket(bucket));
    }

    private static void starting(Console console, Stack stack) {
        console.line(
                "Starting broker, S3 endpoint and Flink cluster (logs: %s)", stack.state().logs());
        if (stack.orphans() > 0) {
            console.line(
                    "  Ended %s that a killed run had left behind",
                    Count.of(stack.orphans(), "process", "processes"));
        }
        stack.setAside()
                .ifPresent(
                        folder ->
                                console.line(
                                        "  Kept what was here before in %s: delete it when you don't need it any more",
                                        folder));
    }

    private static void ready(Console console, Service service, Duration time) {
        String moved =
                service.usualPort().isPresent()
                                && !service.address().endsWith(":" + service.usualPort().getAsInt())
                        ? " (not " + service.usualPort().getAsInt() + ")"
                        : "";
        console.line(
                "  %-20s  ready after %4.1f s  %s%s",
                service.name(), time.toMillis() / 1000.0, service.address(), moved);
    }
}
