package io.quotelake.verifier;

import io.quotelake.flink.FlinkRest;
import io.quotelake.terminal.Failure;
import io.quotelake.terminal.HelpOption;
import io.quotelake.verifier.Surroundings.LocalStack;
import io.quotelake.verifier.table.Lake;
import io.quotelake.verifier.topic.DeadLetter;
import io.quotelake.verifier.verify.Granularity;
import io.quotelake.verifier.verify.JobProgress;
import io.quotelake.verifier.verify.Progress;
import io.quotelake.verifier.verify.Report;
import io.quotelake.verifier.verify.Until;
import io.quotelake.verifier.verify.Verification;
import io.quotelake.verifier.verify.Verifier;
import java.io.IOException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

/** Compares topic, lake and dead letters. */
@Command(
        name = "verify",
        description = {
            "Compare the topic with the lake and the dead letters, and name every row that is missing, doubled, altered"
                    + " or misplaced, and every object that should not be there.",
            "",
            "Give the options that the job was given. Without any, the stack that runs here is verified. Needs some"
                    + " 100 MB of memory, whatever the lake's size, and about a fifth of its uncompressed bytes in the"
                    + " directory for temporary files (java.io.tmpdir).",
            ""
        },
        footer = {
            "",
            "Exit code: 0 all is well, 1 something is wrong or can't be read, 2 wrong use, 3 nothing is wrong, but records",
            "wait to be published."
        },
        sortOptions = false)
public final class VerifyCommand implements Callable<Integer> {
    /** The exit code when nothing is wrong, and something is on its way. */
    private static final int ONLY_WAITING = 3;

    @ParentCommand private Surroundings.Of parent;

    @Mixin private HelpOption help;

    @Mixin private KafkaMixin kafka;

    @Option(
            names = "--topic",
            paramLabel = "NAME",
            description = "Topic of the quotes. Default: $KAFKA_TOPIC, or stock_market")
    private String topic;

    @Mixin private TableMixin table;

    @Option(
            names = "--dead-letter-topic",
            paramLabel = "NAME",
            description = "Topic of the dead letters. Default: TOPIC.dead-letters")
    private String deadLetterTopic;

    @Option(
            names = "--date-granularity",
            paramLabel = "UNIT",
            description = "${COMPLETION-CANDIDATES}. Default: the one that most objects have")
    private Granularity granularity;

    @Option(
            names = "--start-from",
            paramLabel = "INSTANT",
            converter = StartConverter.class,
            description =
                    "Judge records from this time on (ISO, such as 2026-01-05T09:30:00Z), or earliest, the default.")
    private Instant startFrom;

    @Option(
            names = "--until",
            paramLabel = "WHERE",
            defaultValue = "latest",
            converter = UntilConverter.class,
            description =
                    "Judge records before this: an offset for each partition (0:1200,1:900), a time, what a job has read by the"
                            + " offsets of its group (group:ID; for a bounded job that has finished), or latest, the default.")
    private Until until;

    @Option(
            names = "--flink",
            paramLabel = "URL",
            description =
                    "Web address of the Flink cluster whose job writes the table: what that has not published yet is waiting,"
                            + " not missing. Default: the stack that runs here, if its job does")
    private URI flink;

    @Option(
            names = "--max-record-size",
            paramLabel = "SIZE",
            defaultValue = "1mb",
            converter = SizeConverter.class,
            description = "Larger records are dead letters. Default: ${DEFAULT-VALUE}")
    private long maxRecordBytes;

    @Option(
            names = "--max-findings",
            paramLabel = "N",
            description =
                    "How many findings are printed; all are counted. Default: ${DEFAULT-VALUE}")
    private int maxFindings = 100;

    @Override
    public Integer call() throws Exception {
        Surroundings surroundings = parent.surroundings();
        Optional<LocalStack> stack = kafka.stack(surroundings);
        String source = Optional.ofNullable(topic).orElseGet(surroundings::topic);
        String address = table.address(surroundings, source);
        Verification verification =
                new Verification(
                        kafka.settings(surroundings),
                        source,
                        Optional.ofNullable(deadLetterTopic).orElse(DeadLetter.topicOf(source)),
                        startFrom,
                        until,
                        progress(stack, address, source),
                        granularity,
                        maxRecordBytes,
                        maxFindings);
        try (Lake lake =
                stack.isPresent() ? table.openHere(address, surroundings) : table.open(address)) {
            Report report = new Verifier(verification, lake).verify();
            surroundings.console().lines(report.lines());
            if (stack.isPresent()) {
                report.save(stack.get().lastReport());
            }
            if (report.isOnlyWaiting()) {
                return ONLY_WAITING;
            }
            return report.isClean() ? 0 : 1;
        }
    }

    /** To be asked before the lake is read: what is published by then is in it. */
    private Optional<Progress> progress(Optional<LocalStack> stack, String address, String source)
            throws InterruptedException {
        Optional<FlinkRest> rest =
                flink == null ? stack.map(LocalStack::flink) : Optional.of(new FlinkRest(flink));
        if (rest.isEmpty()) {
            return Optional.empty();
        }
        try {
            return new JobProgress(rest.get()).of(address, source);
        } catch (IOException | IllegalArgumentException e) {
            if (flink == null) {
                return Optional.empty(); // The JobManager is away: nothing is known of its jobs.
            }
            throw Failure.ofUse(
                    "--flink: no JobManager answers at %s: name its web address, such as http://127.0.0.1:8081."
                            .formatted(flink));
        }
    }

    /** Reads where judging ends. */
    static final class UntilConverter implements ITypeConverter<Until> {
        @Override
        public Until convert(String value) {
            try {
                return Until.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** Reads an instant; null for all that the topic has. */
    static final class StartConverter implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String value) {
            if (value.equals("earliest")) {
                return null;
            }
            try {
                return Instant.parse(value);
            } catch (DateTimeException e) {
                throw new TypeConversionException(
                        "'%s' is neither 'earliest' nor an instant such as 2026-01-05T09:30:00Z"
                                .formatted(value));
            }
        }
    }

    /** Reads sizes as the job does: {@code 1048576}, {@code 1024kb}, {@code 1mb}. */
    static final class SizeConverter implements ITypeConverter<Long> {
        private static final Pattern SIZE = Pattern.compile("(\\d{1,10}) ?(|b|kb?|mb?|gb?)");

        @Override
        public Long convert(String value) {
            Matcher size = SIZE.matcher(value.toLowerCase(Locale.ROOT));
            if (!size.matches()) {
                throw new TypeConversionException(
                        "'%s' is not a size such as 1mb".formatted(value));
            }
            int shift =
                    switch (size.group(2)) {
                        case "k", "kb" -> 10;
                        case "m", "mb" -> 20;
                        case "g", "gb" -> 30;
                        default -> 0;
                    };
            return Long.parseLong(size.group(1)) << shift;
        }
    }
}
