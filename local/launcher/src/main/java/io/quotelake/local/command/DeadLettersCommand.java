package io.quotelake.local.command;

import io.quotelake.local.stack.Workspace;
import io.quotelake.terminal.Console;
import io.quotelake.terminal.Failure;
import io.quotelake.terminal.HelpOption;
import io.quotelake.verifier.topic.DeadLetterReport;
import io.quotelake.verifier.topic.Redrive;
import io.quotelake.verifier.topic.TopicReader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what was not a quote, or sends it back. */
@Command(
        name = "dead-letters",
        sortOptions = false,
        description =
                "Show what was not a quote: how many for which reason, and samples. Or send it back.")
public final class DeadLettersCommand implements Callable<Integer> {
    @Mixin private HelpOption help;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "2",
            description = "Show so many of each reason. Default: ${DEFAULT-VALUE}")
    private int samples;

    @Option(
            names = "--redrive",
            description =
                    "Send them back to the topic that they came from, as they came, for a job that takes them now."
                            + " Each is sent once: those of an earlier call are left out.")
    private boolean redrive;

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
        if (samples < 0) {
            throw Failure.ofUse("--samples " + samples + ": it is 0 or more");
        }
        Workspace workspace = Workspace.current();
        String broker = brokers == null ? Brokers.of(workspace) : brokers;
        String name = topic == null ? StackMixin.deadLetters(workspace.settings().topic()) : topic;
        try (TopicReader reader = new TopicReader(broker, name)) {
            if (reader.partitions() == 0 && topic != null) {
                throw Failure.ofUse("there is no topic '%s' at %s".formatted(name, broker));
            }
        }
        workspace.console().line("%s at %s", name, broker);
        if (redrive) {
            redrive(workspace.console(), broker, name);
        } else {
            report(workspace.console(), broker, name);
        }
        return 0;
    }

    private void report(Console console, String broker, String name) {
        DeadLetterReport report = new DeadLetterReport(samples);
        try (TopicReader reader = new TopicReader(broker, name)) {
            reader.forEach(report::add);
        }
        console.lines(report.lines());
    }

    private static void redrive(Console console, String broker, String name)
            throws InterruptedException {
        try (Redrive redrive = new Redrive(broker, name)) {
            Redrive.Counts counts = redrive.run();
            console.line("%,d sent back", counts.sent());
            if (counts.truncated() > 0) {
                console.line(
                        "%,d stay, because they were shortened: their originals are in the source topic",
                        counts.truncated());
            }
        }
    }
}
