package io.quotelake.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of options in docs/producer.md, and the options of every command, are the program's.
 */
class DocumentedOptionsTest {

    private static final Path DOCS = Path.of("..", "docs");

    private static final Pattern NAME = Pattern.compile("--[a-z][a-z0-9-]*");

    private static final Pattern IN_HELP =
            Pattern.compile("(?m)^ +(?:-[a-zA-Z], )?(--[a-z0-9-]+)[= \\n]");

    private static final Pattern COMMAND =
            Pattern.compile("(?:quotelake-producer\\.jar|quotelake produce)((?:[^`\n#]|\\\\\n)*)");

    private static final Set<String> OF_EVERY_PROGRAM = Set.of("--help", "--version");

    @Test
    void theTableHasEachOption() throws IOException {
        String table =
                Files.readString(DOCS.resolve("producer.md"))
                        .lines()
                        .dropWhile(line -> !line.equals("| what | option | default |"))
                        .takeWhile(line -> line.startsWith("|"))
                        .map(line -> line.split("(?<!\\\\)\\|")[2])
                        .collect(Collectors.joining("\n"));
        Set<String> expected = options();
        expected.removeAll(OF_EVERY_PROGRAM);

        assertThat(names(table)).containsExactlyElementsOf(expected);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandOfThePagesHasOptionsOfTheProgram(String command) {
        assertThat(options()).containsAll(names(command));
    }

    static Stream<String> commands() throws IOException {
        Set<String> commands = new TreeSet<>();
        try (Stream<Path> pages = Files.list(DOCS)) {
            for (Path page : pages.filter(path -> path.toString().endsWith(".md")).toList()) {
                Matcher command = COMMAND.matcher(Files.readString(page));
                while (command.find()) {
                    if (NAME.matcher(command.group(1)).find()) {
                        commands.add(command.group(1).strip());
                    }
                }
            }
        }
        return commands.stream();
    }

    private static Set<String> options() {
        Set<String> options = new TreeSet<>();
        for (String command : new String[] {"replay", "sample"}) {
            Matcher option = IN_HELP.matcher(Run.of(command, "--help").out());
            while (option.find()) {
                options.add(option.group(1));
            }
        }
        return options;
    }

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        NAME.matcher(text).results().forEach(name -> names.add(name.group()));
        return names;
    }
}
