package io.quotelake.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.terminal.Sentence;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A walk over every option of every command with values that its type refuses: each is one line and
 * exit code 2 at once, and nothing has been started, moved or written.
 */
class WrongUseTest {
    /** Not the clock's time, which depends on what else the machine does. */
    private static final ThreadMXBean PROCESSOR_TIME = ManagementFactory.getThreadMXBean();

    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    @TempDir Path state;
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final PrintStream standardError = System.err;
    private final PrintStream standardOutput = System.out;

    @BeforeEach
    void makeALake() throws IOException {
        Path folder = state.resolve("s3/quotelake/stock_market/index=HSI/date=1986-12-31");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("part-0.json"), "{}\n");
        System.setProperty("quotelake.state", state.toString());
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.clearProperty("quotelake.state");
        System.setErr(standardError);
        System.setOut(standardOutput);
    }

    static Stream<List<String>> everyOptionWithWrongValues() {
        return Main.commandLine().getSubcommands().values().stream()
                .distinct()
                .flatMap(WrongUseTest::wrongUsesOf);
    }

    private static Stream<List<String>> wrongUsesOf(CommandLine command) {
        List<List<String>> uses = new ArrayList<>();
        for (OptionSpec option : command.getCommandSpec().options()) {
            for (String value : wrongValues(option)) {
                uses.add(List.of(command.getCommandName(), option.longestName() + "=" + value));
            }
        }
        return uses.stream();
    }

    private static List<String> wrongValues(OptionSpec option) {
        Class<?> type = option.type();
        if (type == int.class || type == long.class || type == Long.class) {
            boolean anySeed = option.longestName().equals("--seed");
            return anySeed
                    ? List.of("nine", "1.5", "")
                    : List.of("nine", "1.5", "-1", "99999999999999999999", "");
        }
        if (type == boolean.class) {
            return List.of("perhaps");
        }
        if (type == LocalDate.class) {
            return List.of("yesterday", "2008-13-01", "");
        }
        if (type.isEnum()) {
            return List.of("nosuch", "");
        }
        if (type == Path.class && !option.longestName().equals("--checkpoint")) {
            return List.of("/not/there");
        }
        return List.of();
    }

    @ParameterizedTest
    @MethodSource("everyOptionWithWrongValues")
    void isOneLineAndChangesNothing(List<String> words) throws IOException {
        refused(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "frobnicate",
                "demo --frobnicate",
                "demo nosuch",
                "demo --date-granularity week",
                "demo --csv /etc",
                "demo --kafka-port 0",
                "up --kafka-port 20001 --s3-port 20001",
                "up --web-port 65536",
                "list --index zzz",
                "list --index ../..",
                "query SELEC",
                "query /tmp",
                "query nosuch.sql",
                "query --table-directory /etc SELECT",
                "query DELETE",
                "query VALUES(1) --from 2008-01-01",
                "submit --job 1",
                "produce",
                "produce sample",
                "status",
                "flink list",
                "verify --start-from yesterday",
                "verify --max-record-size much"
            })
    void aMistakeThatNoTypeShowsIsRefusedAlike(String command) throws IOException {
        refused(List.of(command.split(" ")));
    }

    @Test
    void everyCommandHasHelpThatFitsATerminal() {
        for (String command : Main.commandLine().getSubcommands().keySet()) {
            if (!List.of("flink", "produce").contains(command)) { // They hand it to programs.
                assertThat(Main.execute(command, "--help")).as(command).isZero();
            }
        }
        assertThat(output.toString(StandardCharsets.UTF_8).lines())
                .isNotEmpty()
                .allMatch(line -> line.length() <= 100);
    }

    private void refused(List<String> words) throws IOException {
        List<String> before = files();
        long begin = PROCESSOR_TIME.getCurrentThreadCpuTime();

        int exitCode = Main.execute(words.toArray(String[]::new));

        Duration took = Duration.ofNanos(PROCESSOR_TIME.getCurrentThreadCpuTime() - begin);
        assertThat(exitCode).as(words + ": " + errors).isEqualTo(2);
        assertThat(errors.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .hasSizeBetween(20, Sentence.MAX_CHARACTERS)
                .doesNotContainPattern("[A-Z]\\w+Exception");
        assertThat(output.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(files()).isEqualTo(before);
        assertThat(took).as(words.toString()).isLessThan(AT_ONCE);
        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(state)) {
            return files.map(Path::toString).sorted().toList();
        }
    }
}
