package io.quotelake.local.process;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of a JVM, by default with the same Java that runs the launcher. */
public final class JavaCommand implements ProgramCommand {
    private Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    private final List<String> options = new ArrayList<>();
    private final List<String> target = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();

    /** Options of the JVM itself, such as {@code -Xmx256m}. */
    public JavaCommand options(List<String> more) {
        options.addAll(more);
        return this;
    }

    /** Options of the JVM itself, such as {@code -Xmx256m}. */
    public JavaCommand options(String... more) {
        return options(List.of(more));
    }

    /**
     * For a program that ends within seconds: nothing is compiled twice or collected in parallel.
     */
    public JavaCommand shortLived() {
        return options("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    }

    /**
     * Runs a main class; a class path entry is a jar, or a directory followed by {@code /*} for all
     * its jars.
     */
    public JavaCommand main(String mainClass, String... classPath) {
        target.addAll(List.of("-cp", String.join(File.pathSeparator, classPath), mainClass));
        return this;
    }

    /** Runs the main class that a jar names in its manifest. */
    public JavaCommand jar(Path jar) {
        target.addAll(List.of("-jar", jar.toString()));
        return this;
    }

    /** Arguments of the main class. */
    public JavaCommand arguments(List<String> more) {
        arguments.addAll(more);
        return this;
    }

    /** Arguments of the main class. */
    public JavaCommand arguments(String... more) {
        return arguments(List.of(more));
    }

    /** Another Java than that of the launcher. */
    public JavaCommand java(Path program) {
        java = program;
        return this;
    }

    /** The words of the command line. */
    public List<String> words() {
        List<String> words = new ArrayList<>();
        words.add(java.toString());
        words.addAll(options);
        words.addAll(target);
        words.addAll(arguments);
        return words;
    }
}
