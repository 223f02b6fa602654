package io.quotelake.local.trino;

import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A JDK of this machine.
 *
 * @param home its directory
 * @param feature its version's first number, as 25
 */
record Jdk(Path home, int feature) {

    /**
     * The oldest JDK that is new enough, of those where systems keep them: it is the one with which
     * the program was most likely tried.
     *
     * @throws Failure when there is none
     */
    static Jdk atLeast(int feature) {
        List<Path> homes = candidates();
        return homes.stream()
                .flatMap(home -> at(home).stream())
                .filter(jdk -> jdk.feature >= feature)
                .min(Comparator.comparingInt(Jdk::feature))
                .orElseThrow(
                        () ->
                                Failure.ofUse(
                                        "Trino needs a JDK "
                                                + feature
                                                + " or newer, and none was found: install one, or let JAVA_HOME or TRINO_JAVA_HOME name it"));
    }

    /** The JDK in a directory, as its {@code release} file describes it; empty if there is none. */
    static Optional<Jdk> at(Path home) {
        Path release = home.resolve("release");
        if (!Files.isReadable(release) || !Files.isExecutable(java(home))) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(release)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String version = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
        String first = version.replaceFirst("[^0-9].*$", "");
        return first.isEmpty()
                ? Optional.empty()
                : Optional.of(new Jdk(home, Integer.parseInt(first)));
    }

    /** Its {@code java} program. */
    Path java() {
        return java(home);
    }

    private static Path java(Path home) {
        return home.resolve("bin/java");
    }

    private static List<Path> candidates() {
        List<Path> homes = new ArrayList<>();
        for (String variable : List.of("TRINO_JAVA_HOME", "JAVA_HOME")) {
            Optional.ofNullable(System.getenv(variable)).map(Path::of).ifPresent(homes::add);
        }
        homes.add(Path.of(System.getProperty("java.home")));
        Path user = Path.of(System.getProperty("user.home"));
        homes.addAll(children(Path.of("/usr/lib/jvm")));
        homes.addAll(children(Path.of("/opt")));
        homes.addAll(children(user.resolve(".sdkman/candidates/java")));
        homes.addAll(children(user.resolve(".jdks")));
        for (Path bundle : children(Path.of("/Library/Java/JavaVirtualMachines"))) {
            homes.add(bundle.resolve("Contents/Home"));
        }
        return homes;
    }

    private static List<Path> children(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
