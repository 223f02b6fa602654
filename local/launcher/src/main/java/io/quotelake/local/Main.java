package io.quotelake.local;

import io.quotelake.local.command.ChaosCommand;
import io.quotelake.local.command.DashboardCommand;
import io.quotelake.local.command.DeadLettersCommand;
import io.quotelake.local.command.DemoCommand;
import io.quotelake.local.command.FlinkCommand;
import io.quotelake.local.command.ListCommand;
import io.quotelake.local.command.ProduceCommand;
import io.quotelake.local.command.QueryCommand;
import io.quotelake.local.command.StatusCommand;
import io.quotelake.local.command.SubmitCommand;
import io.quotelake.local.command.TrinoCommand;
import io.quotelake.local.command.UpCommand;
import io.quotelake.local.command.VerifyCommand;
import io.quotelake.local.stack.Installation;
import io.quotelake.terminal.Failure;
import io.quotelake.terminal.HelpOption;
import io.quotelake.terminal.Sentence;
import io.quotelake.terminal.StandardOutput;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands of the {@code quotelake} script. */
@Command(
        name = "quotelake",
        description =
                "Stock-index quotes from a CSV file through Kafka and Flink to a lake on S3, on this machine.",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            ProduceCommand.class,
            SubmitCommand.class,
            FlinkCommand.class,
            StatusCommand.class,
            DashboardCommand.class,
            ListCommand.class,
            DeadLettersCommand.class,
            QueryCommand.class,
            TrinoCommand.class,
            VerifyCommand.class,
            ChaosCommand.class
        },
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        footer = {
            "  bench         Measure beside other ways to do the same.",
            "",
            "./quotelake COMMAND --help shows the options of each.",
            "Exit code: 0 all is well, 1 failed at run time, 2 wrong use, 3 (verify) rows wait, 130 Ctrl-C, 143 SIGTERM."
        })
public final class Main implements Runnable {

    private static final int HELP_WIDTH = 100;
    private static final long FULL_DISK_BYTES = 64 << 20;

    private static volatile boolean stopping;

    @Spec private CommandSpec spec;

    @Mixin private HelpOption help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    private boolean version;

    private Main() {}

    public static void main(String[] args) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopping = true, "note-stop"));
        Locale.setDefault(Locale.ROOT);
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> failed(e));
        StandardOutput.install();
        System.exit(execute(args));
    }

    /** All commands, with their options. */
    public static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setParameterExceptionHandler(Main::wrongUse)
                .setExecutionExceptionHandler((e, command, parsed) -> failed(e))
                .setErr(new PrintWriter(Writer.nullWriter()))
                .setUsageHelpWidth(HELP_WIDTH)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    public static int execute(String... args) {
        try {
            int exitCode = commandLine().execute(args);
            System.out.flush();
            return exitCode;
        } catch (Failure | Error e) {
            return failed(e);
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "No command was given");
    }

    private static int wrongUse(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String name =
                command.getCommandSpec().qualifiedName().replaceFirst("^quotelake", "./quotelake");
        String see = ". See " + name + " --help";
        String message = Sentence.withoutClassNames(e.getMessage()).replaceAll("[.\\s]+$", "");
        int room = Sentence.MAX_CHARACTERS - see.length();
        System.err.println(
                (message.length() <= room ? message : message.substring(0, room - 1) + "…") + see);
        return 2;
    }

    private static int failed(Throwable e) {
        if (stopping) {
            return 1; // Parts that are stopped by Ctrl-C fail whoever still asks them.
        }
        Optional<Failure> foreseen = Sentence.failure(e);
        if (foreseen.isPresent()) {
            Failure failure = foreseen.get();
            String fullDisk = failure.exitCode() == 1 ? fullDisk() : "";
            System.err.println(
                    "quotelake: " + Sentence.withoutClassNames(failure.getMessage()) + fullDisk);
            return failure.exitCode();
        }
        System.err.println(
                "quotelake: " + Sentence.cut(Sentence.of(e)) + fullDisk() + keptTrace(e));
        return 1;
    }

    /** A full disk makes everything fail, each thing with another message. */
    private static String fullDisk() {
        Path state = Installation.current().home().resolve(".quotelake");
        long free = state.toFile().getUsableSpace();
        boolean full = Files.isDirectory(state) && free < FULL_DISK_BYTES;
        return full
                ? ". The disk is full: %d MiB are free under %s".formatted(free >> 20, state)
                : "";
    }

    /** What was not foreseen is worth a stack trace, in a file. */
    private static String keptTrace(Throwable e) {
        Path file = Installation.current().home().resolve(".quotelake/logs/launcher.log");
        try {
            Files.createDirectories(file.getParent());
            try (PrintWriter log = new PrintWriter(Files.newBufferedWriter(file))) {
                log.println(Instant.now());
                e.printStackTrace(log);
            }
            return " (details: " + file + ")";
        } catch (IOException unwritable) {
            return "";
        }
    }

    /** The version of the build, from the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"quotelake " + (version == null ? "(not packaged)" : version)};
        }
    }
}
