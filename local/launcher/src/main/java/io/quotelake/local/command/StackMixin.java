package io.quotelake.local.command;

import io.quotelake.local.Console;
import io.quotelake.local.Installation;
import io.quotelake.local.Settings;
import io.quotelake.local.stack.JobManager;
import io.quotelake.local.stack.KafkaBroker;
import io.quotelake.local.stack.Part;
import io.quotelake.local.stack.S3Endpoint;
import io.quotelake.local.stack.S3Plugin;
import io.quotelake.local.stack.Stack;
import io.quotelake.local.stack.StackOptions;
import io.quotelake.local.stack.StateDirectory;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options of every command that starts a stack. */
final class StackMixin {
    /** Two slots' worth of subtasks for each core of a laptop, and the tutorials' number. */
    private static final int TOPIC_PARTITIONS = 4;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            description =
                    "Port of the broker (default: "
                            + KafkaBroker.USUAL_PORT
                            + ", or a free one if that is in use).")
    private int kafkaPort;

    @Option(
            names = "--s3-port",
            paramLabel = "PORT",
            description =
                    "Port of the S3 endpoint (default: "
                            + S3Endpoint.USUAL_PORT
                            + ", or a free one).")
    private int s3Port;

    @Option(
            names = "--web-port",
            paramLabel = "PORT",
            description =
                    "Port of Flink's web UI (default: "
                            + JobManager.USUAL_PORT
                            + ", or a free one).")
    private int webPort;

    @Option(
            names = "--s3-plugin",
            paramLabel = "PLUGIN",
            description =
                    "Flink's S3 plugin: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private S3Plugin plugin = S3Plugin.STOCK;

    @Option(
            names = "--json-logs",
            description = "Log one JSON object a line, for machines, instead of readable lines.")
    private boolean jsonLogs;

    StackOptions options(StateDirectory state) {
        return new StackOptions(state)
                .kafkaPort(kafkaPort)
                .s3Port(s3Port)
                .webPort(webPort)
                .jsonLogs(jsonLogs)
                .plugin(plugin);
    }

    /** Starts the stack with its topic and bucket, and says so. */
    Stack start(
            Installation installation, Settings settings, StackOptions options, Console console) {
        console.line(
                "Starting a Kafka broker, an S3 endpoint and a Flink cluster (logs: %s)",
                options.state().logs());
        Stack stack =
                Stack.start(
                        installation,
                        options.whenReady((part, time) -> ready(console, part, time)));
        if (stack.orphans() > 0) {
            console.line("  Ended %d processes that a killed run had left behind", stack.orphans());
        }
        stack.s3().createBucket(settings.bucket());
        stack.broker().createTopic(settings.topic(), TOPIC_PARTITIONS);
        return stack;
    }

    private static void ready(Console console, Part part, Duration time) {
        console.line(
                "  %-22s %-24s ready after %.1f s%s",
                part.name(), part.address(), time.toMillis() / 1000.0, "");
    }
}
