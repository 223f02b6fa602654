package io.quotelake.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code quotelake} in a tree of its own, on machines that lack something. */
class ScriptTest {
    @TempDir Path home;
    private Path programs;

    @BeforeEach
    void copyScript() throws IOException {
        Files.copy(
                Path.of(System.getProperty("quotelake.home"), "quotelake"),
                home.resolve("quotelake"),
                java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        programs = Files.createDirectory(home.resolve("programs"));
    }

    @Test
    void anOldJavaIsNamed() throws Exception {
        program("java", "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2");

        Result result = run();

        assertThat(result.exitCode).isEqualTo(2);
        assertThat(result.errors).singleElement().asString().contains("11.0.2", "JDK 17");
    }

    @Test
    void anEvenOlderJavaIsNamed() throws Exception {
        program("java", "echo 'java version \"1.8.0_402\"' >&2");

        assertThat(run().errors).singleElement().asString().contains("1.8.0_402", "JDK 17");
    }

    @Test
    void aFullDiskIsNamed() throws Exception {
        program("java", "echo 'openjdk version \"21\" 2023-09-19' >&2");
        program("df", "echo Filesystem; echo /dev/disk 100 90 10240 90% /");

        Result result = run();

        assertThat(result.exitCode).isEqualTo(2);
        assertThat(result.errors)
                .singleElement()
                .asString()
                .contains("only 10 MiB are free", "2048 MiB");
    }

    @Test
    void aFullDiskRefusesOnlyWhatFillsIt() throws Exception {
        program("java", "echo 'openjdk version \"21\" 2023-09-19' >&2; echo \"ran $*\"");
        program("df", "echo Filesystem; echo /dev/disk 100 90 10240 90% /");
        pretendToBeBuilt();

        assertThat(run("up").errors).singleElement().asString().contains("10 MiB", "'up'");
        assertThat(run("list").exitCode).isZero();
        assertThat(run("demo", "--help").exitCode).isZero();
        assertThat(home.resolve("output")).content().contains("demo --help");
    }

    @Test
    void aLinkToTheScriptIsTheScript() throws Exception {
        program("java", "echo 'openjdk version \"21\" 2023-09-19' >&2; echo \"ran $*\"");
        pretendToBeBuilt();
        Path elsewhere = Files.createDirectory(home.resolve("else where"));
        Path link = Files.createSymbolicLink(elsewhere.resolve("ql"), Path.of("../quotelake"));

        assertThat(run(link, "list").exitCode).isZero();

        assertThat(home.resolve("output")).content().contains("-Dquotelake.home=" + home + " ");
        assertThat(elsewhere).isDirectoryNotContaining("glob:**.quotelake");
    }

    @Test
    void aStreamThatIsClosedIsNoneOfJavasFiles() throws Exception {
        program(
                "java",
                "[ \"$1\" != -version ] || { echo 'openjdk version \"21\" 2023-09-19' >&2; exit; }",
                "for stream in 0 1 2; do [ -e /dev/fd/$stream ] || echo \"closed $stream\"; done");
        pretendToBeBuilt();
        Path shell = Path.of("/bin/sh");

        assertThat(run(shell, "-c", home.resolve("quotelake") + " list <&- 2>&-").exitCode)
                .isZero();
        assertThat(home.resolve("output")).isEmptyFile();
        assertThat(run(shell, "-c", home.resolve("quotelake") + " list >&-").errors)
                .singleElement()
                .asString()
                .contains("the output can't be written");
    }

    @Test
    void aFileInThePlaceOfTheStateIsNamed() throws Exception {
        Files.createFile(home.resolve(".quotelake"));

        Result result = run("list");

        assertThat(result.exitCode).isEqualTo(2);
        assertThat(result.errors).singleElement().asString().contains("no directory");
    }

    @Test
    void aJavaThatCannotRunIsNamed() throws Exception {
        program("java", "echo 'Could not reserve enough space for object heap'; exit 1");

        Result result = run();

        assertThat(result.exitCode).isEqualTo(2);
        assertThat(result.errors)
                .singleElement()
                .asString()
                .contains("Could not reserve enough space");
    }

    @Test
    void aFailedBuildShowsItsErrorsAndItsLog() throws Exception {
        program("java", "echo 'openjdk version \"17.0.1\" 2021-10-19' >&2");
        program("mvn", "echo '[INFO] hello'; echo '[ERROR] it does not compile'; exit 1");

        Result result = run();

        assertThat(result.exitCode).isEqualTo(1);
        assertThat(result.errors).hasSize(2);
        assertThat(result.errors.get(0)).contains("it does not compile");
        assertThat(result.errors.get(1)).contains(".quotelake/logs/build.log");
    }

    private void program(String name, String... script) throws IOException {
        Path file = programs.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + String.join("\n", script) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** All jars that the script looks for, and no source that is newer. */
    private void pretendToBeBuilt() throws IOException {
        Matcher jars =
                Pattern.compile("(?s)\\njars=\\((.*?)\\)")
                        .matcher(Files.readString(home.resolve("quotelake")));
        assertThat(jars.find()).isTrue();
        for (String jar : jars.group(1).strip().split("\\s+")) {
            Files.createDirectories(home.resolve(jar));
        }
        for (String folder : List.of("producer", "flink-job", "local")) {
            Files.createDirectories(home.resolve(folder));
        }
    }

    private Result run(String... words) throws Exception {
        return run(home.resolve("quotelake"), words.length == 0 ? new String[] {"demo"} : words);
    }

    private Result run(Path script, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("JAVA_HOME");
        builder.environment()
                .merge("PATH", programs.toString(), (path, first) -> first + ":" + path);
        Path errors = home.resolve("errors");
        builder.redirectError(errors.toFile()).redirectOutput(home.resolve("output").toFile());
        int exitCode = builder.start().waitFor();
        return new Result(exitCode, new ArrayList<>(Files.readAllLines(errors)));
    }

    private record Result(int exitCode, List<String> errors) {}
}
