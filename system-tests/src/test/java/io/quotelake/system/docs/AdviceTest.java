package io.quotelake.system.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.quotelake.local.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Every command that a message or a page of the documentation recommends is one that there is. */
class AdviceTest {
    /** The command, then words and options up to what belongs to the sentence or to the shell. */
    private static final Pattern COMMAND =
            Pattern.compile(
                    "\\./quotelake ([a-z-]+)((?: --[a-z0-9-]*(?: (?!\\.\\.)[A-Za-z0-9%][^\\s`\"'#,;)]*)?)*)");

    /** The script starts it without the launcher. */
    private static final String BENCH = "bench";

    static Stream<String> recommendedCommands() throws IOException {
        Set<String> commands = new TreeSet<>();
        for (Path file : files()) {
            // In Java a sentence may be cut into several literals.
            String text = Files.readString(file).replaceAll("\"\\s*\\+ \"", "");
            Matcher matcher = COMMAND.matcher(text);
            while (matcher.find()) {
                commands.add(matcher.group(1) + matcher.group(2));
            }
        }
        assertThat(commands).contains("submit --resume", "up", "dead-letters --redrive");
        return commands.stream();
    }

    private static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>(Page.files(".*\\.md"));
        Page.files(".*\\.java").stream()
                .filter(file -> file.toString().contains("/src/main/"))
                .forEach(files::add);
        return files;
    }

    @ParameterizedTest
    @MethodSource("recommendedCommands")
    void isOneThatThereIs(String command) {
        List<String> words =
                Arrays.stream(command.split(" "))
                        .map(word -> word.matches("[NMS]|%s") ? "1" : word)
                        .toList();
        CommandLine commands = Main.commandLine();
        if (words.get(0).equals(BENCH)) {
            return;
        }
        assertThat(commands.getSubcommands()).as(command).containsKey(words.get(0));
        assertThatCode(() -> commands.parseArgs(words.toArray(String[]::new)))
                .as(command)
                .doesNotThrowAnyException();
    }
}
