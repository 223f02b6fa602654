package io.quotelake.local.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.local.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A directory that stands for a fresh EC2 host: a user-data script runs against it, and the units
 * that it wrote are started as systemd would start them.
 */
final class ScratchHost implements AutoCloseable {
    private final Path root;
    private final Map<String, String> tools;
    private final Map<String, String> settings = new HashMap<>();
    private final List<Process> units = new ArrayList<>();

    /**
     * @param root the host's root directory
     * @param cloud what the stand-in for the AWS client keeps: parameters and buckets
     * @param archive what the stand-in for Apache's archive holds
     */
    ScratchHost(Path root, Path cloud, Path archive) throws IOException {
        this.root = Files.createDirectories(root);
        Path programs =
                Installation.current().home().resolve("local/launcher/src/test/resources/hosts");
        tools = Map.of("PATH", programs + ":" + System.getenv("PATH"), "CLOUD", cloud.toString());
        settings.put("ROOT", root.toString());
        settings.put("ARCHIVE", "file://" + archive);
    }

    /** What Terraform would set for the script. */
    ScratchHost with(String name, Object value) {
        settings.put(name, value.toString());
        return this;
    }

    /** Runs a script of {@code aws/host}; returns its exit code and what it said. */
    Outcome runScript(String name) throws IOException {
        return run(List.of("bash", script("host/" + name)));
    }

    /** Runs a command with this host's tools. */
    Outcome run(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(tools);
        builder.environment().putAll(settings);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes());
        return new Outcome(process.onExit().join().exitValue(), output);
    }

    static String script(String name) {
        return Installation.current().home().resolve("aws").resolve(name).toString();
    }

    /**
     * Starts a unit as systemd would, with no more of an environment than the unit names; its
     * output goes to the file that {@link #journal} names.
     */
    Process start(String unit) throws IOException {
        Map<String, String> service =
                assignments(root.resolve("etc/systemd/system/quotelake-" + unit + ".service"));
        ProcessBuilder builder =
                new ProcessBuilder(service.get("ExecStart").split(" "))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(journal(unit).toFile()));
        builder.environment().clear();
        builder.environment().putAll(tools);
        if (service.containsKey("EnvironmentFile")) {
            builder.environment().putAll(assignments(Path.of(service.get("EnvironmentFile"))));
        }
        if (service.containsKey("WorkingDirectory")) {
            builder.directory(Path.of(service.get("WorkingDirectory")).toFile());
        }
        Process process = builder.start();
        units.add(process);
        return process;
    }

    /** Lines of the form {@code NAME=VALUE}. */
    private static Map<String, String> assignments(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> line.split("=", 2))
                .filter(words -> words.length == 2)
                .collect(Collectors.toMap(words -> words[0], words -> words[1], (a, b) -> b));
    }

    Path journal(String unit) {
        return root.resolve(unit + ".journal");
    }

    Path path(String below) {
        return root.resolve(below);
    }

    /**
     * Packs jars as Apache packs a release, with the checksum beside it.
     *
     * @param folder where a release has its jars
     * @param checksum how this project of Apache's writes one, given the archive's name and its
     *     hash
     */
    static void pack(Path archive, String folder, List<Path> jars, BinaryOperator<String> checksum)
            throws IOException {
        Files.createDirectories(archive.getParent());
        String words = jars.stream().map(jar -> " '" + jar + "'").collect(Collectors.joining());
        shell(
                "tar -cPf '%s' -I 'gzip -1' --transform 's,.*/\\(flink-s3-fs\\),release/opt/\\1,' --transform 's,^/.*/,release/%s/,'%s"
                        .formatted(archive, folder, words));
        String hash = shell("sha512sum '" + archive + "'").substring(0, 128);
        Files.writeString(
                Path.of(archive + ".sha512"),
                checksum.apply(archive.getFileName().toString(), hash) + "\n");
    }

    private static String shell(String command) throws IOException {
        Process process =
                new ProcessBuilder("bash", "-c", command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.onExit().join().exitValue()).as(output).isZero();
        return output;
    }

    /** Ends every unit that was started, with whatever it started. */
    @Override
    public void close() {
        for (Process unit : units) {
            Stream.concat(unit.descendants(), Stream.of(unit.toHandle()))
                    .forEach(ProcessHandle::destroyForcibly);
            unit.onExit().join();
        }
    }

    /**
     * How a command ended.
     *
     * @param output standard output and error
     */
    record Outcome(int exitCode, String output) {}
}
