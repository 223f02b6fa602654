package io.quotelake.system.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What no formatter holds: one way to say a thing, and text that is the same on every machine. */
class SourcesTest {
    private static final Pattern FORMAT_OF_THE_MACHINE =
            Pattern.compile("String\\.format\\(\\s*+(?!Locale\\.ROOT\\b)");

    private static final Pattern CASE_OF_THE_MACHINE =
            Pattern.compile("\\.to(Lower|Upper)Case\\(\\)");

    private static final Pattern FORMATTED = Pattern.compile("\\.formatted\\(");

    private static final Pattern MAIN = Pattern.compile("static void main\\(");

    private static final String LOCALE_IS_SET = "Locale\\.setDefault\\(|new Program\\(";

    private static final List<Path> IN_FLINKS_PROCESSES =
            Stream.of("flink-job", "s3-writer", "local/flink-metrics")
                    .map(Page.HOME::resolve)
                    .toList();

    private static final Pattern OTHER_PREFIX = Pattern.compile("\\bMOST_[A-Z]");

    @Test
    void textNeverFollowsTheMachinesLanguage() throws IOException {
        assertThat(sourcesWith(FORMAT_OF_THE_MACHINE, "")).isEmpty();
        assertThat(sourcesWith(CASE_OF_THE_MACHINE, "/src/main/")).isEmpty();
    }

    /** Code that runs in a process of somebody else's can't set the language there. */
    @Test
    void formattedIsForProgramsThatSetTheirLanguage() throws IOException {
        List<Path> formatting =
                sourcesWith(FORMATTED, "/src/main/").stream().map(SourcesTest::module).toList();

        assertThat(formatting).isNotEmpty().doesNotContainAnyElementsOf(IN_FLINKS_PROCESSES);
        assertThat(sourcesWith(MAIN, "/src/main/"))
                .filteredOn(file -> formatting.contains(module(file)))
                .isNotEmpty()
                .allSatisfy(
                        file -> assertThat(Files.readString(file)).containsPattern(LOCALE_IS_SET));
    }

    @Test
    void aLimitIsCalledMax() throws IOException {
        assertThat(sourcesWith(OTHER_PREFIX, "/src/")).isEmpty();
    }

    /** The folder that has {@code src}. */
    private static Path module(Path file) {
        Path module = file;
        while (!module.getFileName().toString().equals("src")) {
            module = module.getParent();
        }
        return module.getParent();
    }

    /** The files below such a folder in which the pattern is found, this one aside. */
    private static List<Path> sourcesWith(Pattern pattern, String folder) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path file : Page.files(".*\\.java")) {
            Matcher matcher = pattern.matcher(Files.readString(file));
            boolean isThisOne = file.endsWith(SourcesTest.class.getSimpleName() + ".java");
            if (!isThisOne && file.toString().contains(folder) && matcher.find()) {
                found.add(file);
            }
        }
        return found;
    }
}
