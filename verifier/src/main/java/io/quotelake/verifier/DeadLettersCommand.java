package io.quotelake.verifier;

import io.quotelake.terminal.Console;
import io.quotelake.terminal.Failure;
import io.quotelake.terminal.HelpOption;
import io.quotelake.verifier.topic.DeadLetter;
import io.quotelake.verifier.topic.DeadLetterReport;
import io.quotelake.verifier.topic.Redrive;
import io.quotelake.verifier.topic.TopicReader;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Shows records that are not quotes, or sends them back. */
@Command(
        name = "dead-letters",
        sortOptions = false,
        description =
                "Show records that are not quotes: how many for which reason, and samples. Or send them back.")
public final class DeadLettersCommand implements Callable<Integer> {
    @ParentCommand private Surroundings.Of parent;

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

    @Mixin private KafkaMixin kafka;

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            description =
                    "The dead letters' topic. Default: $KAFKA_TOPIC or stock_market, with .dead-letters")
    private String topic;

    @Override
    public Integer call() throws Exception {
        if (samples < 0) {
            throw Failure.ofUse("--samples " + samples + ": it is 0 or more");
        }
        Surroundings surroundings = parent.surroundings();
        Map<String, Object> settings = kafka.settings(surroundings);
        String name = topic == null ? DeadLetter.topicOf(surroundings.topic()) : topic;
        try (TopicReader reader = new TopicReader(settings)) {
            Object brokers = settings.get("bootstrap.servers");
            if (topic != null && reader.partitions(name).isEmpty()) {
                throw Failure.ofUse("there is no topic '%s' at %s".formatted(name, brokers));
            }
            Console console = surroundings.console();
            console.line("%s at %s", name, brokers);
            if (redrive) {
                redrive(console, settings, name);
            } else {
                DeadLetterReport report = new DeadLetterReport(samples);
                reader.readAll(name, report::add);
                console.lines(report.lines());
            }
        }
        return 0;
    }

    private static void redrive(Console console, Map<String, Object> settings, String name)
            throws InterruptedException {
        try (Redrive redrive = new Redrive(settings, name)) {
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
