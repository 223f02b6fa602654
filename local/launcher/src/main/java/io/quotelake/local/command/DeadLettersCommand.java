package io.quotelake.local.command;

import io.quotelake.local.Workspace;
import io.quotelake.local.topic.DeadLetterReport;
import io.quotelake.local.topic.TopicReader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what was not a quote. */
@Command(
        name = "dead-letters",
        sortOptions = false,
        description = "Show what was not a quote: how many for which reason, and samples.")
public final class DeadLettersCommand implements Callable<Integer> {
    @Mixin private HelpOption help;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "2",
            description = "Show so many of each reason. Default: ${DEFAULT-VALUE}")
    private int samples;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description =
                    "The broker. Default: KAFKA_BOOTSTRAP_SERVERS, else that of the running stack.")
    private String brokers;

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description =
                    "The dead letters' topic. Default: KAFKA_TOPIC or stock_market, with .dead-letters")
    private String topic;

    @Override
    public Integer call() throws Exception {
        Workspace workspace = Workspace.current();
        String broker = brokers == null ? Brokers.of(workspace) : brokers;
        String name = topic == null ? StackMixin.deadLetters(workspace.settings().topic()) : topic;
        DeadLetterReport report = new DeadLetterReport(samples);
        try (TopicReader reader = new TopicReader(broker, name)) {
            reader.forEach(report::add);
        }
        workspace.console().line("%s at %s", name, broker);
        workspace.console().lines(report.lines());
        return 0;
    }
}
