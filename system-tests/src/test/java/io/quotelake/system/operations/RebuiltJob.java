package io.quotelake.system.operations;

import io.quotelake.local.stack.Installation;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The job after a change of its code, without touching the jar that the build made. */
final class RebuiltJob {
    private static final String JOB = "flink-job";

    /** Libraries that the job's jar has under names of its own. */
    private static final Pattern RELOCATED =
            Pattern.compile(
                    "^(import (?:static )?)(?:com\\.fasterxml\\.)?(jackson|picocli)\\.",
                    Pattern.MULTILINE);

    private RebuiltJob() {}

    /**
     * The built project once more, in links, with a job jar of its own: the job's sources compiled
     * anew, to other bytes, among the unchanged libraries.
     */
    static Installation in(Path home, Installation built) throws IOException {
        Path classes = Files.createDirectories(home.resolve(JOB + "/target/classes"));
        try (Stream<Path> entries = Files.list(built.home())) {
            for (Path entry : entries.filter(path -> !path.endsWith(JOB)).toList()) {
                Path link = home.resolve(entry.getFileName());
                Files.deleteIfExists(link);
                Files.createSymbolicLink(link, entry);
            }
        }
        compile(built, home.resolve(JOB + "/target/sources"), classes);
        Path jar = home.resolve(built.home().relativize(built.jobJar()));
        Files.copy(built.jobJar(), jar, StandardCopyOption.REPLACE_EXISTING);
        try (FileSystem inside = FileSystems.newFileSystem(jar)) {
            for (Path file : filesIn(classes, ".class")) {
                Files.copy(
                        file,
                        inside.getPath(classes.relativize(file).toString()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return new Installation(home);
    }

    /** The job's sources, against the libraries in its own jar. */
    private static List<Path> relocated(Path sources, Path directory) throws IOException {
        Files.createDirectories(directory);
        List<Path> all = new ArrayList<>();
        for (Path source : filesIn(sources, ".java")) {
            Path file = directory.resolve(sources.relativize(source));
            Files.createDirectories(file.getParent());
            String text = Files.readString(source);
            all.add(
                    Files.writeString(
                            file, RELOCATED.matcher(text).replaceAll("$1io.quotelake.shaded.$2.")));
        }
        return all;
    }

    private static void compile(Installation built, Path sources, Path classes) throws IOException {
        String libraries =
                Stream.concat(Stream.of(built.jobJar()), filesIn(built.flinkLib(), ".jar").stream())
                        .map(Path::toString)
                        .collect(Collectors.joining(":"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled =
                    compiler.getTask(
                                    null,
                                    files,
                                    null,
                                    List.of(
                                            "-g:none",
                                            "-proc:none",
                                            "--release",
                                            "17",
                                            "-d",
                                            classes.toString(),
                                            "-cp",
                                            libraries),
                                    null,
                                    files.getJavaFileObjectsFromPaths(
                                            relocated(
                                                    built.home().resolve(JOB + "/src/main/java"),
                                                    sources)))
                            .call();
            if (!compiled) {
                throw new IOException("the job's sources do not compile");
            }
        }
    }

    private static List<Path> filesIn(Path directory, String ending) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            return tree.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }
}
