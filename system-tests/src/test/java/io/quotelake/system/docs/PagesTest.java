package io.quotelake.system.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.quotelake.local.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The documentation names only what there is: links, chapters, files and commands. */
class PagesTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern PAGE_BY_NAME = Pattern.compile("docs/[a-z-]+\\.md(#[a-z0-9-]+)?");
    private static final Pattern CLASS = Pattern.compile("`([A-Z][a-z]+[A-Za-z]*)`");
    private static final Pattern WORD = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+");
    private static final Pattern VARIABLE = Pattern.compile("^[A-Z_]+=\\S*\\s+");

    /**
     * Tests of their own modules hold the options of producer and job to the programs; the tests of
     * operations run these options of Flink's client.
     */
    private static final Pattern CHECKED_ELSEWHERE =
            Pattern.compile(
                    "java -jar producer/target/quotelake-producer\\.jar .*|flink run .*|flink stop .*");

    /** Programs of the build, without options that could be wrong. */
    private static final Pattern PLAIN =
            Pattern.compile(
                    "\\.ci/run|java data/GenerateIndexProcessed\\.java .*|java -jar \\S+-micro\\.jar.*");

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Page page : Page.all()) {
            for (String line : page.prose()) {
                Matcher link = LINK.matcher(line);
                while (link.find()) {
                    if (!link.group(1).matches("[a-z]+:.*") && !leads(page, link.group(1))) {
                        broken.add(Page.HOME.relativize(page.file()) + ": " + link.group(1));
                    }
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void everyPageThatAnyFileNamesIsThere() throws IOException {
        List<String> missing = new ArrayList<>();
        for (Path file : Page.files(".*\\.(java|md|tf|yml|yaml|json|sh|xml|properties)|[a-z-]+")) {
            Matcher name =
                    PAGE_BY_NAME.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            while (name.find()) {
                if (!leads(new Page(Page.HOME.resolve("README.md"), List.of()), name.group())) {
                    missing.add(Page.HOME.relativize(file) + ": " + name.group());
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void theArchitecturePageSendsReadersToClassesThatThereAre() throws IOException {
        String text = Files.readString(Page.HOME.resolve("docs/architecture.md"));
        List<String> names =
                CLASS.matcher(text.substring(text.indexOf("## Where to look first")))
                        .results()
                        .map(name -> name.group(1))
                        .toList();

        assertThat(names).contains("StockMarketPipeline");
        Set<String> classes = new TreeSet<>();
        Page.files(".*\\.java").forEach(file -> classes.add(file.getFileName().toString()));
        assertThat(names).allSatisfy(name -> assertThat(classes).contains(name + ".java"));
    }

    private static boolean leads(Page from, String link) throws IOException {
        String[] parts = link.split("#", 2);
        Path target =
                parts[0].isEmpty() ? from.file() : from.file().resolveSibling(parts[0]).normalize();
        if (!Files.exists(target)) {
            return false;
        }
        return parts.length == 1
                || anchors(new Page(target, Files.readAllLines(target))).contains(parts[1]);
    }

    /** The names that GitHub gives to headings. */
    private static Set<String> anchors(Page page) {
        Set<String> anchors = new TreeSet<>();
        Map<String, Integer> times = new HashMap<>();
        for (String line : page.prose()) {
            if (line.matches("#+ .*")) {
                String anchor =
                        line.replaceFirst("#+ ", "")
                                .toLowerCase(Locale.ROOT)
                                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                                .replace(' ', '-');
                int time = times.merge(anchor, 1, Integer::sum);
                anchors.add(time == 1 ? anchor : anchor + "-" + (time - 1));
            }
        }
        return anchors;
    }

    static Stream<Page.ShellCommand> commands() throws IOException {
        return Page.all().stream().flatMap(page -> page.commands().stream());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandIsOneThatThereIsOrIsMarked(Page.ShellCommand command) throws IOException {
        String text = command.text();
        while (VARIABLE.matcher(text).find()) {
            text = VARIABLE.matcher(text).replaceFirst("");
        }
        List<String> words =
                WORD.matcher(text)
                        .results()
                        .map(word -> word.group().replaceAll("[\"']", ""))
                        .toList();
        if (words.get(0).equals("./quotelake")) {
            checkQuotelake(words.subList(1, words.size()));
        } else if (words.get(0).equals("mvn")) {
            checkMaven(words);
        } else if (!CHECKED_ELSEWHERE.matcher(text).matches() && !PLAIN.matcher(text).matches()) {
            assertThat(command.isMarked())
                    .as("%s is run by no test: mark it with †", command)
                    .isTrue();
        }
    }

    private static void checkQuotelake(List<String> words) {
        if (words.get(0).equals("bench")) {
            return; // The script starts it without the launcher.
        }
        CommandLine commands = Main.commandLine();
        assertThat(commands.getSubcommands()).containsKey(words.get(0));
        assertThatCode(() -> commands.parseArgs(words.toArray(String[]::new)))
                .doesNotThrowAnyException();
    }

    private static void checkMaven(List<String> words) throws IOException {
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("-pl")) {
                for (String module : words.get(++i).split(",")) {
                    assertThat(Page.HOME.resolve(module).resolve("pom.xml")).exists();
                }
            } else if (word.startsWith("-P")) {
                for (String profile : word.substring(2).split(",")) {
                    assertThat(profiles()).contains(profile);
                }
            } else if (word.matches("-D(it\\.)?test=.*") && !word.endsWith("=none")) {
                String test = word.replaceFirst(".*=", "").replaceFirst("#.*", "");
                assertThat(Page.files(Pattern.quote(test) + "\\.java")).as(word).isNotEmpty();
            }
        }
    }

    private static Set<String> profiles() throws IOException {
        Set<String> profiles = new TreeSet<>();
        for (Path pom : Page.files("pom\\.xml")) {
            Pattern.compile("<profile>\\s*<id>([^<]+)")
                    .matcher(Files.readString(pom))
                    .results()
                    .forEach(profile -> profiles.add(profile.group(1)));
        }
        return profiles;
    }
}
