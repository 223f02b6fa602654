package io.quotelake.local;

import io.quotelake.local.command.ChaosCommand;
import io.quotelake.local.command.DeadLettersCommand;
import io.quotelake.local.command.DemoCommand;
import io.quotelake.local.command.FlinkCommand;
import io.quotelake.local.command.HelpOption;
import io.quotelake.local.command.ListCommand;
import io.quotelake.local.command.ProduceCommand;
import io.quotelake.local.command.StatusCommand;
import io.quotelake.local.command.SubmitCommand;
import io.quotelake.local.command.UpCommand;
import io.quotelake.local.command.VerifyCommand;
import io.quotelake.local.query.QueryCommand;
import io.quotelake.local.trino.TrinoCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
            ListCommand.class,
            DeadLettersCommand.class,
            QueryCommand.class,
            TrinoCommand.class,
            VerifyCommand.class,
            ChaosCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false)
public final class Main implements Runnable {

    private static volatile boolean stopping;

    @Spec private CommandSpec spec;

    @Mixin private HelpOption help;

    private Main() {}

    public static void main(String[] args) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopping = true, "note-stop"));
        System.exit(execute(args));
    }

    static int execute(String... args) {
        return new CommandLine(new Main())
                .setParameterExceptionHandler(Main::wrongUse)
                .setExecutionExceptionHandler(Main::failed)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "No command was given");
    }

    private static int wrongUse(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String name =
                command.getCommandSpec().qualifiedName().replaceFirst("^quotelake", "./quotelake");
        System.err.println(oneLine(e.getMessage()) + ". See " + name + " --help");
        return 2;
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        if (stopping) {
            return 1; // Parts that are stopped by Ctrl-C fail whoever still asks them.
        }
        if (e instanceof Failure failure) {
            System.err.println("quotelake: " + failure.getMessage());
            return failure.exitCode();
        }
        System.err.println("quotelake: " + oneLine(e.toString()) + keptTrace(e));
        return 1;
    }

    private static String oneLine(String message) {
        return message.lines().map(String::strip).reduce((a, b) -> a + " " + b).orElse("");
    }

    /** What was not foreseen is worth a stack trace, in a file. */
    private static String keptTrace(Exception e) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        Path file = Installation.current().home().resolve(".quotelake/logs/launcher.log");
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, trace.toString());
            return " (details: " + file + ")";
        } catch (IOException unwritable) {
            return "\n" + trace;
        }
    }
}
