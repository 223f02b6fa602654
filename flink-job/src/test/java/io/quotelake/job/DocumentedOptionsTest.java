package io.quotelake.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of options in docs/job.md, and the options of every command, are the job's. */
class DocumentedOptionsTest {

    private static final Pattern NAME = Pattern.compile("--[a-z][a-z0-9-]*");

    /** An option begins a line of the help, its description ends before the next one. */
    private static final Pattern HELP =
            Pattern.compile("(?ms)^ +(?:-h, )?((?:--[a-z0-9-]+(?:, )?)+)(.*?)(?=^ +-|^$|\\z)");

    private static final Pattern DEFAULT = Pattern.compile("Default:(.*)\\.$");

    /** What {@code ./quotelake submit} itself understands. */
    private static final Set<String> OF_SUBMIT =
            Set.of("--resume", "--job", "--checkpoint", "--parallelism", "--help");

    private static final Pattern COMMAND =
            Pattern.compile("(?:quotelake-flink-job\\.jar|quotelake submit)((?:[^`\n]|\\\\\n)*)");

    @Test
    void theTableHasEachOptionWithItsDefault() {
        Map<Set<String>, String> documented = new LinkedHashMap<>();
        for (List<String> row : Document.of("docs/job.md").rows("option")) {
            documented.put(names(row.get(0)), row.get(1).replaceAll("[`\\s]", ""));
        }

        assertThat(documented).containsExactlyInAnyOrderEntriesOf(defaults());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandOfThePagesHasOptionsOfTheJob(String command) {
        Set<String> known = new TreeSet<>(OF_SUBMIT);
        defaults().keySet().forEach(known::addAll);

        assertThat(known).containsAll(names(command));
    }

    static Stream<String> commands() throws IOException {
        Set<String> commands = new TreeSet<>();
        try (Stream<Path> pages = Files.list(Path.of("..", "docs"))) {
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

    /**
     * The default of each option, by its names; empty where the help gives none. Without spaces:
     * the help breaks lines within words.
     */
    private static Map<Set<String>, String> defaults() {
        Map<Set<String>, String> defaults = new LinkedHashMap<>();
        Matcher option = HELP.matcher(JobOptions.usage());
        while (option.find()) {
            Matcher text = DEFAULT.matcher(option.group(2).replaceAll("\\s", ""));
            defaults.put(names(option.group(1)), text.find() ? text.group(1) : "");
        }
        defaults.remove(Set.of("--help"));
        return defaults;
    }

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        NAME.matcher(text).results().forEach(name -> names.add(name.group()));
        return names;
    }
}
