package io.quotelake.local;

import io.quotelake.local.command.ChaosCommand;
import io.quotelake.local.command.DashboardCommand;
import io.quotelake.local.command.DemoCommand;
import io.quotelake.local.command.FlinkCommand;
import io.quotelake.local.command.LocalSurroundings;
import io.quotelake.local.command.ProduceCommand;
import io.quotelake.local.command.QueryCommand;
import io.quotelake.local.command.StatusCommand;
import io.quotelake.local.command.SubmitCommand;
import io.quotelake.local.command.TrinoCommand;
import io.quotelake.local.command.UpCommand;
import io.quotelake.local.stack.Installation;
import io.quotelake.local.stack.Workspace;
import io.quotelake.terminal.HelpOption;
import io.quotelake.terminal.ManifestVersion;
import io.quotelake.terminal.Program;
import io.quotelake.verifier.DeadLettersCommand;
import io.quotelake.verifier.ListCommand;
import io.quotelake.verifier.Surroundings;
import io.quotelake.verifier.VerifyCommand;
import java.nio.file.Path;
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
        versionProvider = ManifestVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        footer = {
            "  bench         Measure beside other ways to do the same.",
            "",
            "./quotelake COMMAND --help shows the options of each.",
            "Exit code: 0 all is well, 1 failed at run time, 2 wrong use, 3 (verify) rows wait, 130 Ctrl-C, 143 SIGTERM."
        })
public final class Main implements Runnable, Surroundings.Of {
    private static final Path STATE = Installation.current().home().resolve(".quotelake");

    private static final Program PROGRAM =
            new Program("./quotelake", STATE, STATE.resolve("logs/launcher.log"));

    @Spec private CommandSpec spec;

    @Mixin private HelpOption help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    private boolean version;

    private Main() {}

    public static void main(String[] args) {
        PROGRAM.main(new Main(), args);
    }

    /** All commands, with their options. */
    public static CommandLine commandLine() {
        return PROGRAM.commandLine(new Main());
    }

    /** Runs a command in this process, and returns its exit code. */
    public static int execute(String... args) {
        return PROGRAM.execute(new Main(), args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "No command was given");
    }

    @Override
    public Surroundings surroundings() {
        return new LocalSurroundings(Workspace.current());
    }
}
