package io.quotelake.system.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.local.stack.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A directory that stands for an EC2 host: its user data runs against it, and a stand-in for
 * systemd starts the units that it wrote, as they say.
 */
final class ScratchHost implements AutoCloseable {
    private final Path root;
    private final Path cloud;
    private final Path directory;
    private final String role;
    private final String name;
    private final Map<String, String> tools = new HashMap<>();
    private final Map<String, String> settings = new TreeMap<>();

    /**
     * @param root the host's root directory
     * @param cloud what the stand-in for the AWS client keeps: parameters, buckets, instances
     * @param role {@code kafka} or {@code flink}
     * @param name the host's name, as in the name of its file of settings
     */
    ScratchHost(Path root, Path cloud, String role, String name) throws IOException {
        this.root = Files.createDirectories(root);
        this.cloud = cloud;
        this.directory = Files.createDirectories(root.resolve("var/lib/quotelake/flink"));
        this.role = role;
        this.name = name;
        Path programs =
                Installation.current().home().resolve("system-tests/src/test/resources/hosts");
        tools.put("PATH", programs + ":" + System.getenv("PATH"));
        tools.put("CLOUD", cloud.toString());
        tools.put("ROOT", root.toString());
    }

    /** What Terraform would write into the host's file of settings. */
    ScratchHost with(String setting, Object value) {
        settings.put(setting, value.toString());
        return this;
    }

    /** Puts the settings where the host finds them: what {@code terraform apply} does. */
    ScratchHost apply() throws IOException {
        Path file = cloud.resolve("s3/artifacts/host/" + name + ".env");
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                settings.entrySet().stream()
                        .map(entry -> entry.getKey() + "='" + entry.getValue() + "'\n")
                        .collect(Collectors.joining()));
        return this;
    }

    /** Starts the host for the first time, as the instance that the cloud lists. */
    void boot() throws IOException {
        apply();
        Path instances = Files.createDirectories(cloud.resolve("instances"));
        Files.writeString(instances.resolve("quotelake-" + name), root.toString());
        Map<String, String> told =
                Map.of(
                        "ARTIFACTS",
                        "s3://artifacts",
                        "AWS_REGION",
                        "eu-central-1",
                        "HOST",
                        name,
                        "ROLE",
                        role);
        Outcome outcome = run(List.of("bash", script("host/boot.sh")), told);
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    }

    /** Runs a command with this host's tools; returns its exit code and what it said. */
    Outcome run(List<String> command) throws IOException {
        return run(command, Map.of());
    }

    private Outcome run(List<String> command, Map<String, String> environment) throws IOException {
        Path output = Files.createTempFile(root, "command-", ".output");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().putAll(tools);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return new Outcome(process.onExit().join().exitValue(), Files.readString(output));
    }

    /** Runs one of the host's own programs as its unit would, with the environment it names. */
    Outcome runProgram(String environmentFile, String program, String... arguments)
            throws IOException {
        Map<String, String> environment = new HashMap<>();
        for (String line : Files.readAllLines(root.resolve(environmentFile))) {
            String[] words = line.split("=", 2);
            environment.put(words[0], words[1].replaceAll("^\"(.*)\"$", "$1"));
        }
        List<String> command = new ArrayList<>();
        command.add(root.resolve("opt/quotelake/bin/" + program).toString());
        command.addAll(List.of(arguments));
        return run(command, environment);
    }

    void systemctl(String verb, String unit) throws IOException {
        Outcome outcome = run(List.of("env", "systemctl", verb, "quotelake-" + unit));
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    }

    static String script(String name) {
        return Installation.current().home().resolve("aws").resolve(name).toString();
    }

    /** The process that a unit runs: what systemd calls its main process. */
    ProcessHandle process(String unit) throws IOException {
        return supervisor(unit).children().findFirst().orElseThrow();
    }

    private ProcessHandle supervisor(String unit) throws IOException {
        long id = Long.parseLong(Files.readString(root.resolve("run/" + unit)).trim());
        return ProcessHandle.of(id).orElseThrow();
    }

    /** What a unit has said. */
    String journal(String unit) {
        try {
            return Files.readString(root.resolve(unit + ".journal"));
        } catch (IOException e) {
            return "no journal of " + unit + " yet";
        }
    }

    Path path(String below) {
        return root.resolve(below);
    }

    /**
     * Packs jars as Apache packs a release.
     *
     * @param folder where a release has its jars
     * @return the archive's SHA-512
     */
    static String pack(Path archive, String folder, List<Path> jars) throws IOException {
        Files.createDirectories(archive.getParent());
        String words = jars.stream().map(jar -> " '" + jar + "'").collect(Collectors.joining());
        shell(
                "tar -cPf '%s' -I 'gzip -1' --transform 's,.*/\\(flink-s3-fs\\),release/opt/\\1,' --transform 's,^/.*/,release/%s/,'%s"
                        .formatted(archive, folder, words));
        return shell("sha512sum '" + archive + "'").substring(0, 128);
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
        Path started = root.resolve("run");
        if (!Files.exists(started)) {
            return;
        }
        try (Stream<Path> units = Files.list(started)) {
            units.map(unit -> unit.getFileName().toString()).forEach(this::end);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void end(String unit) {
        try {
            ProcessHandle supervisor = supervisor(unit);
            List<ProcessHandle> all =
                    Stream.concat(Stream.of(supervisor), supervisor.descendants()).toList();
            all.forEach(ProcessHandle::destroyForcibly);
            all.forEach(process -> process.onExit().join());
        } catch (IOException | NoSuchElementException ended) {
            // It has ended by itself.
        }
    }

    /**
     * How a command ended.
     *
     * @param output standard output and error
     */
    record Outcome(int exitCode, String output) {}
}
