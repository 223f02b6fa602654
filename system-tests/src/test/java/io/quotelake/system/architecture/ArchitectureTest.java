package io.quotelake.system.architecture;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** Holds docs/architecture.md: which room knows which, and no circle between packages. */
class ArchitectureTest {
    private static final Path HOME = Path.of(System.getProperty("quotelake.home"));

    /** The rooms on whose classes each room's own may depend. */
    private static final Map<String, Set<String>> KNOWS =
            Map.ofEntries(
                    Map.entry("support", Set.of()),
                    Map.entry("producer", Set.of()),
                    Map.entry("s3-writer", Set.of()),
                    Map.entry("flink-job", Set.of("s3-writer")),
                    Map.entry("verifier", Set.of("support")),
                    Map.entry("dashboard", Set.of()),
                    Map.entry("local/s3", Set.of()),
                    Map.entry("local/flink-metrics", Set.of()),
                    Map.entry("local/stack", Set.of("support")),
                    Map.entry("local/sql", Set.of("local-stack", "support")),
                    Map.entry(
                            "local/faults",
                            Set.of("local-s3", "local-stack", "support", "verifier")),
                    Map.entry(
                            "local/launcher",
                            Set.of(
                                    "local-faults",
                                    "local-sql",
                                    "local-stack",
                                    "support",
                                    "verifier")),
                    Map.entry("benchmark/runner", Set.of("local-stack", "support")));

    private static final Pattern DEPENDENCY = Pattern.compile("(?s)<dependency>(.*?)</dependency>");
    private static final Pattern OURS = Pattern.compile("<artifactId>quotelake-([\\w-]+)<");

    /** Not of the classes: for tests, or for the order of the build. */
    private static final Pattern NOT_COMPILED = Pattern.compile("<scope>(test|provided)</scope>");

    static Stream<String> rooms() {
        return KNOWS.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomKnowsOnlyThoseBelowIt(String room) throws Exception {
        Set<String> known = new TreeSet<>();
        Matcher dependencies =
                DEPENDENCY.matcher(Files.readString(HOME.resolve(room).resolve("pom.xml")));
        while (dependencies.find()) {
            Matcher ours = OURS.matcher(dependencies.group(1));
            if (ours.find() && !NOT_COMPILED.matcher(dependencies.group(1)).find()) {
                known.add(ours.group(1));
            }
        }

        assertThat(KNOWS.get(room)).containsAll(known);
    }

    /** A room that nobody has thought about would be free to know all others. */
    @Test
    void everyModuleWithProgramsIsARoom() throws Exception {
        List<String> modules;
        try (Stream<Path> found =
                Files.find(HOME, 5, (path, a) -> path.endsWith("src/main/java"))) {
            modules =
                    found.map(path -> HOME.relativize(path.resolve("../../..").normalize()))
                            .map(Path::toString)
                            .toList();
        }

        assertThat(modules)
                .containsAll(KNOWS.keySet())
                .filteredOn(module -> !module.startsWith("benchmark/"))
                .allSatisfy(module -> assertThat(KNOWS).containsKey(module));
    }

    @Test
    void noPackagesKnowEachOtherInACircle() {
        List<Path> built =
                KNOWS.keySet().stream()
                        .filter(room -> !room.startsWith("benchmark/"))
                        .map(room -> HOME.resolve(room).resolve("target/classes"))
                        .toList();
        assertThat(built).allSatisfy(classes -> assertThat(classes).isDirectory());

        JavaClasses classes = new ClassFileImporter().importPaths(built);

        assertThat(classes).hasSizeGreaterThan(400);
        slices().matching("io.quotelake.(**)").should().beFreeOfCycles().check(classes);
    }
}
