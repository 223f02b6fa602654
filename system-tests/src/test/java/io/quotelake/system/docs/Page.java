package io.quotelake.system.docs;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A page of the documentation, for tests that hold it to what there is.
 *
 * @param file where it is
 * @param lines its text
 */
record Page(Path file, List<String> lines) {
    static final Path HOME = Path.of(System.getProperty("quotelake.home"));

    private static final String FENCE = "```";

    /** What the pages put on commands that nobody has run, or can run without an account. */
    private static final String NOT_RUN = "†";

    private static final Pattern REMARK = Pattern.compile("(^|\\s+)#\\s.*$");

    /** Built, or a run's own: no part of the documentation. */
    private static final Set<String> NO_SOURCES = Set.of("target", ".git", ".quotelake");

    /**
     * A command in a code block.
     *
     * @param isMarked whether its section, or the whole page, says that it was not run
     */
    record ShellCommand(Path file, String text, boolean isMarked) {
        @Override
        public String toString() {
            return HOME.relativize(file) + ": " + text;
        }
    }

    /** All pages of the repository. */
    static List<Page> all() throws IOException {
        List<Page> pages = new ArrayList<>();
        for (Path file : files(".*\\.md")) {
            pages.add(new Page(file, Files.readAllLines(file)));
        }
        return pages;
    }

    /** The repository's files whose names match. */
    static List<Path> files(String name) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(
                HOME,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path directory, BasicFileAttributes attributes) {
                        return NO_SOURCES.contains(directory.getFileName().toString())
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (file.getFileName().toString().matches(name)) {
                            files.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return files;
    }

    /** The lines outside of code blocks. */
    List<String> prose() {
        List<String> prose = new ArrayList<>();
        boolean isCode = false;
        for (String line : lines) {
            boolean isFence = line.strip().startsWith(FENCE);
            isCode ^= isFence;
            if (!isCode && !isFence) {
                prose.add(line);
            }
        }
        return prose;
    }

    /** Each line of a sh block, and what follows a prompt in a text block. */
    List<ShellCommand> commands() {
        List<ShellCommand> commands = new ArrayList<>();
        boolean isPageMarked = introduction().contains("Everything on this page");
        String language = null;
        String pending = "";
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith(FENCE)) {
                language = language == null ? line.substring(FENCE.length()) : null;
                continue;
            }
            boolean isCommand =
                    "sh".equals(language) || "text".equals(language) && line.startsWith("$ ");
            if (!isCommand) {
                continue;
            }
            pending += REMARK.matcher(line.replaceFirst("^\\$ ", "")).replaceFirst("");
            if (pending.endsWith("\\")) {
                pending = pending.substring(0, pending.length() - 1);
            } else if (!pending.isBlank()) {
                boolean isMarked = isPageMarked || section(i).contains(NOT_RUN);
                commands.add(new ShellCommand(file, pending.strip(), isMarked));
                pending = "";
            } else {
                pending = "";
            }
        }
        return commands;
    }

    private String introduction() {
        return String.join(
                "\n", lines.stream().takeWhile(line -> !line.startsWith("## ")).toList());
    }

    /** The text under the same heading as a line. */
    private String section(int line) {
        int from = line;
        while (from > 0 && !lines.get(from).matches("#+ .*")) {
            from--;
        }
        int to = line;
        while (to < lines.size() && !lines.get(to).matches("##+ .*")) {
            to++;
        }
        return String.join("\n", lines.subList(from, to));
    }
}
