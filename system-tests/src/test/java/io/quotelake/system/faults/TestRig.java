package io.quotelake.system.faults;

import io.quotelake.local.fault.Rig;
import io.quotelake.local.stack.Installation;
import io.quotelake.local.stack.Settings;
import io.quotelake.local.stack.StackOptions;
import io.quotelake.local.stack.StateDirectory;
import io.quotelake.local.stack.Workspace;
import io.quotelake.terminal.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Starts a pipeline below this module's {@code target}. */
final class TestRig {
    static final long SEED = 20261120;

    /** With {@link #ONE_YEAR} and some thousand rows/s, multipart uploads are always under way. */
    static final List<String> LARGE_FILES =
            List.of(
                    "--date-granularity",
                    "year",
                    "--roll-interval",
                    "40s",
                    "--roll-inactivity",
                    "20s");

    /** A feed from here on has at most 14 folders by year. */
    static final String ONE_YEAR = "2021-01-01";

    private TestRig() {}

    static Rig start(List<String> jobOptions) {
        return start(jobOptions, Map.of());
    }

    static Rig start(List<String> jobOptions, Map<String, String> flinkSettings) {
        return start(jobOptions, options -> flinkSettings.forEach(options::flink));
    }

    static Rig start(List<String> jobOptions, Consumer<StackOptions> more) {
        Installation installation = Installation.current();
        try {
            Path target = Path.of("target").toAbsolutePath();
            Path directory = Files.createTempDirectory(target, "faults-");
            Workspace workspace =
                    new Workspace(
                                    installation,
                                    Settings.of(installation),
                                    new StateDirectory(directory),
                                    Console.standard())
                            .withOwnBroker();
            return Rig.start(workspace, jobOptions, more, SEED, TestRig::log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** On the terminal and in {@code target/faults.txt}. */
    static void log(String what) {
        String line = LocalTime.now().truncatedTo(ChronoUnit.SECONDS) + "  " + what;
        System.out.println(line);
        try {
            Files.writeString(
                    Path.of("target/faults.txt"),
                    line + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
