package io.quotelake.producer;

import io.quotelake.producer.feed.Feed;
import io.quotelake.producer.feed.FeedOptions;
import io.quotelake.producer.feed.Pace;
import io.quotelake.producer.terminal.RunException;
import io.quotelake.producer.terminal.Terminal;
import io.quotelake.producer.terminal.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The command line: {@code replay} and {@code sample}. Exit codes: 0 when all is sent, 1 when the
 * run failed, 2 when the program was used wrongly (also when the file or the broker isn't there),
 * and 130 after Ctrl-C, as is usual.
 */
@Command(
        name = "quotelake-producer",
        description = "Sends stock-index quotes from a CSV file to Kafka as JSON, keyed by index.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "(replay | sample)")
public final class Main implements Runnable {

    private static final int FAILED = 1;
    private static final int WRONG_USE = 2;

    /** How long Ctrl-C waits for the end: longer than a publisher in a hurry. */
    private static final long INTERRUPT_SECONDS = 20;

    private final Terminal terminal;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Feed feed;

    public Main(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Runs the program and ends the process with its exit code. */
    public static void main(String[] args) {
        Main main = new Main(new Terminal(System.out, System.err, System.console() != null));
        Runtime.getRuntime().addShutdownHook(new Thread(main::interrupt, "interrupt"));
        System.exit(main.run(args));
    }

    /** The exit code. */
    public int run(String... args) {
        Locale.setDefault(Locale.ENGLISH);
        CommandLine commandLine =
                new CommandLine(this)
                        .addSubcommand(new ReplayCommand(terminal, started -> feed = started))
                        .addSubcommand(new SampleCommand(terminal, started -> feed = started))
                        .registerConverter(Pace.Rate.class, converter(Pace.Rate::parse))
                        .registerConverter(Pace.Speed.class, converter(Pace.Speed::parse))
                        .registerConverter(
                                FeedOptions.AsOf.class, converter(FeedOptions.AsOf::parse))
                        .registerConverter(
                                FeedOptions.MetricsAddress.class,
                                converter(FeedOptions.MetricsAddress::parse))
                        .registerConverter(LocalDate.class, converter(LocalDate::parse))
                        .setOut(new PrintWriter(terminal.out(), true))
                        .setParameterExceptionHandler(
                                (e, arguments) -> fail(WRONG_USE, e.getMessage() + "; see --help"))
                        .setExecutionExceptionHandler((e, command, result) -> fail(e));
        try {
            return commandLine.execute(args);
        } finally {
            ended.countDown();
        }
    }

    @Override
    public void run() {
        throw new UsageException("say what to do: replay or sample; see --help");
    }

    private int fail(Exception e) {
        if (e instanceof UsageException) {
            return fail(WRONG_USE, e.getMessage());
        }
        if (e instanceof RunException) {
            return fail(FAILED, e.getMessage());
        }
        if (e instanceof IOException) {
            return fail(FAILED, "reading failed: " + e);
        }
        return fail(FAILED, "failed unexpectedly: " + e);
    }

    private int fail(int code, String message) {
        terminal.err().println("quotelake-producer: " + message.replaceAll("\\s*\\R\\s*", " "));
        return code;
    }

    private void interrupt() {
        Feed running = feed;
        if (running == null || ended.getCount() == 0) {
            return;
        }
        try {
            running.stop();
            if (!ended.await(INTERRUPT_SECONDS, TimeUnit.SECONDS)) {
                fail(FAILED, "the brokers didn't answer in time: the last rows may be missing");
            }
        } catch (IOException | InterruptedException e) {
            fail(e);
        }
    }

    private static <T> ITypeConverter<T> converter(Function<String, T> parser) {
        return text -> {
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            } catch (DateTimeException e) {
                throw new TypeConversionException(
                        "'%s' is not a day: write it as 1986-12-31".formatted(text));
            }
        };
    }

    /** The version of the build, from the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"quotelake-producer " + (version == null ? "" : version)};
        }
    }
}
