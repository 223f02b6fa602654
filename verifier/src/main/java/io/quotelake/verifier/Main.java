package io.quotelake.verifier;

import io.quotelake.terminal.HelpOption;
import io.quotelake.terminal.ManifestVersion;
import io.quotelake.terminal.Program;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands of the verifier's jar. */
@Command(
        name = "quotelake-verifier",
        description = "Compares topic, lake and dead letters, and looks into them, here or on AWS.",
        subcommands = {VerifyCommand.class, DeadLettersCommand.class, ListCommand.class},
        versionProvider = ManifestVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        footer = {
            "",
            "COMMAND --help shows the options of each.",
            "Exit code: 0 all is well, 1 failed at run time, 2 wrong use, 3 (verify) rows wait."
        })
public final class Main implements Runnable, Surroundings.Of {
    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    @Spec private CommandSpec spec;

    @Mixin private HelpOption help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    private boolean version;

    private Main() {}

    public static void main(String[] args) {
        new Program(
                        "java -jar quotelake-verifier.jar",
                        TEMPORARY,
                        TEMPORARY.resolve("quotelake-verifier.log"))
                .main(new Main(), args);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "No command was given");
    }

    @Override
    public Surroundings surroundings() {
        return new EnvironmentSurroundings();
    }
}
