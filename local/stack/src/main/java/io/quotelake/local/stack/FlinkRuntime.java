package io.quotelake.local.stack;

import io.quotelake.local.process.JavaCommand;
import io.quotelake.local.process.Leash;
import io.quotelake.local.process.LogTail;
import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How Flink's own programs are run: their class path, environment and memory. */
final class FlinkRuntime {
    private static final String RESULT = "BASH_JAVA_UTILS_EXEC_RESULT:";

    private final Installation installation;
    private final StackOptions options;
    private final FlinkConfiguration configuration;

    FlinkRuntime(
            Installation installation, StackOptions options, FlinkConfiguration configuration) {
        this.installation = installation;
        this.options = options;
        this.configuration = configuration;
    }

    /**
     * Puts Flink's own S3 plugin and the metrics reporter into the plugins directory: copies, which
     * no build can change under us.
     */
    void installPlugins() throws IOException {
        install("s3-fs-hadoop", List.of(installation.flinkS3Plugin()));
        install("metrics-prometheus", installation.flinkMetricsPlugin());
    }

    /** Lays Flink's home out as application mode wants it: the job's jar in usrlib beside lib. */
    Map<String, String> installJob() throws IOException {
        Path home = options.state().flink();
        Files.createDirectories(home.resolve("usrlib"));
        Files.copy(
                installation.jobJar(),
                home.resolve("usrlib/job.jar"),
                StandardCopyOption.REPLACE_EXISTING);
        return Map.of("FLINK_LIB_DIR", Files.createDirectories(home.resolve("lib")).toString());
    }

    private void install(String plugin, List<Path> jars) throws IOException {
        Path folder = plugins().resolve(plugin);
        Files.createDirectories(folder);
        try (var old = Files.newDirectoryStream(folder)) {
            for (Path file : old) {
                Files.delete(file);
            }
        }
        for (Path jar : jars) {
            Files.copy(jar, folder.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    Map<String, String> environment() {
        return Map.of(
                "FLINK_CONF_DIR", configuration.directory().toString(),
                "FLINK_PLUGINS_DIR", plugins().toString(),
                "FLINK_LIB_DIR", installation.flinkLib().toString());
    }

    /**
     * A Java command of Flink.
     *
     * @param role jobmanager, taskmanager or client: its options are taken from {@code
     *     env.java.opts.ROLE}
     * @param logging the name of a file in the configuration directory
     */
    JavaCommand java(String role, String logging, Path log) throws IOException {
        return new JavaCommand()
                .options(configuration.jvmOptions(role))
                .options(options.logOptions(role))
                .options(
                        "-Dlog.file=" + log,
                        "-Dlog4j.configurationFile=" + configuration.directory().resolve(logging),
                        "-Djava.io.tmpdir=" + options.state().temporary());
    }

    JavaCommand main(JavaCommand java, String mainClass) {
        List<String> classPath = new ArrayList<>(List.of(installation.flinkClassPath()));
        classPath.addAll(options.flinkLibraries());
        return java.main(mainClass, classPath.toArray(String[]::new));
    }

    /**
     * Flink's own split of a process's memory: first the JVM's options, then settings for the
     * process.
     */
    Memory memory(String command) throws IOException {
        Process utility =
                new ProcessBuilder(
                                Leash.inBackground(
                                        main(
                                                        new JavaCommand()
                                                                .shortLived()
                                                                .options("-Xmx128m"),
                                                        "org.apache.flink.runtime.util.bash.BashJavaUtils")
                                                .arguments(
                                                        command,
                                                        "--configDir",
                                                        configuration.directory().toString())
                                                .words()))
                        .redirectErrorStream(true)
                        .start();
        List<String> output = new String(utility.getInputStream().readAllBytes()).lines().toList();
        List<String> results =
                output.stream()
                        .filter(line -> line.startsWith(RESULT))
                        .map(line -> line.substring(RESULT.length()))
                        .toList();
        if (results.size() != 2) {
            throw Failure.atRunTime(
                    "Flink can't split the memory it was given: " + LogTail.reason(output));
        }
        return new Memory(List.of(results.get(0).split(" ")), List.of(results.get(1).split(" ")));
    }

    private Path plugins() {
        return options.state().flink().resolve("plugins");
    }

    record Memory(List<String> jvmOptions, List<String> arguments) {}
}
