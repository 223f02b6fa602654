package io.quotelake.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
    private static final Duration STARTED_WITHIN = Duration.ofSeconds(30);

    @TempDir Path directory;

    @Test
    void endsWhenItIsClosed() {
        ChildProcess child = waiting("child");

        child.close();

        assertThat(child.isAlive()).isFalse();
        assertThat(pids()).isEmptyDirectory();
    }

    @Test
    void itsOutputAndItsExitCodeAreKept() {
        try (ChildProcess child = start("child", "3")) {
            assertThat(child.onExit().join()).isEqualTo(3);
            assertThat(LogTail.of(child.output(), 5)).containsExactly("here with 3", "and gone");
        }
    }

    @Test
    void anOrphanOfAKilledLauncherIsEndedByTheNextOne() throws IOException {
        ChildProcess orphan = waiting("orphan");

        assertThat(Orphans.end(pids())).isEqualTo(1);

        assertThat(orphan.isAlive()).isFalse();
        assertThat(pids()).isEmptyDirectory();
    }

    @Test
    void aChildEndsWithALauncherThatIsKilled() throws Exception {
        Path named = directory.resolve("pids");
        Process launcher =
                new ProcessBuilder(
                                new JavaCommand()
                                        .main(
                                                Launcher.class.getName(),
                                                System.getProperty("java.class.path"))
                                        .arguments(directory.toString(), named.toString())
                                        .words())
                        .inheritIO()
                        .start();
        await().atMost(STARTED_WITHIN).until(() -> Files.exists(named));
        List<ProcessHandle> children =
                Files.readAllLines(named).stream()
                        .map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
                        .toList();
        assertThat(children).hasSize(2).allMatch(ProcessHandle::isAlive);

        launcher.destroyForcibly().onExit().join();

        await().atMost(STARTED_WITHIN)
                .until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void whatALogSaysLastIsToldWithoutItsStackTrace() {
        List<String> log =
                List.of(
                        "INFO all is well",
                        "java.lang.IllegalStateException: the door is shut",
                        "\tat io.quotelake.Door.open(Door.java:12)",
                        "Caused by: java.nio.file.FileSystemException: /data: No space left on device",
                        "\t... 3 more",
                        "INFO ended");

        assertThat(LogTail.reason(log)).isEqualTo("/data: No space left on device");
        assertThat(LogTail.reason(List.of("only this"))).isEqualTo("only this");
    }

    @Test
    void aStrangerWithTheSameProcessIdIsLeftAlone() throws IOException {
        try (ChildProcess stranger = waiting("stranger")) {
            long otherStart = System.currentTimeMillis() - Duration.ofHours(1).toMillis();
            Files.writeString(
                    pids().resolve("stranger.out.pid"), stranger.pid() + " " + otherStart);

            assertThat(Orphans.end(pids())).isZero();

            assertThat(stranger.isAlive()).isTrue();
        }
    }

    @Test
    void theTerminalsInterruptDoesNotReachIt() throws Exception {
        try (ChildProcess child = waiting("child")) {
            new ProcessBuilder("kill", "-INT", Long.toString(child.pid())).start().waitFor();
            new ProcessBuilder("kill", "-HUP", Long.toString(child.pid())).start().waitFor();

            await().during(Duration.ofMillis(500)).until(child::isAlive);
        }
    }

    @Test
    void onlyTheEndOfALogIsRead() throws IOException {
        Path log = directory.resolve("long.log");
        Files.writeString(log, "line\n".repeat(100_000) + "last but one\nlast\n");

        assertThat(LogTail.of(log, 2)).containsExactly("last but one", "last");
        assertThat(LogTail.of(directory.resolve("none.log"), 2)).isEqualTo(List.of());
    }

    private ChildProcess waiting(String name) {
        ChildProcess child = start(name, "wait");
        await().atMost(STARTED_WITHIN).until(() -> !LogTail.of(child.output(), 1).isEmpty());
        return child;
    }

    private ChildProcess start(String name, String argument) {
        JavaCommand command =
                new JavaCommand()
                        .main(Child.class.getName(), System.getProperty("java.class.path"))
                        .arguments(argument);
        return ChildProcess.start(command, Map.of(), directory.resolve(name + ".out"), pids());
    }

    private Path pids() {
        return directory.resolve("run");
    }

    /** Has a child in the background and one on the terminal. */
    static final class Launcher {
        public static void main(String[] arguments) throws Exception {
            Path directory = Path.of(arguments[0]);
            JavaCommand waiting =
                    new JavaCommand()
                            .main(Child.class.getName(), System.getProperty("java.class.path"))
                            .arguments("wait");
            ChildProcess background =
                    ChildProcess.start(
                            waiting,
                            Map.of(),
                            directory.resolve("background.out"),
                            directory.resolve("run"));
            Process terminal =
                    new ProcessBuilder(Leash.onTerminal(waiting.words())).inheritIO().start();
            Path written = directory.resolve("written");
            Files.writeString(written, background.pid() + "\n" + terminal.pid() + "\n");
            Files.move(written, Path.of(arguments[1]));
            Thread.currentThread().join();
        }
    }

    /** Waits for ever, or ends with the exit code that it is given. */
    static final class Child {
        public static void main(String[] arguments) throws InterruptedException {
            System.out.println("here with " + arguments[0]);
            if (arguments[0].equals("wait")) {
                Thread.currentThread().join();
            }
            System.err.println("and gone");
            System.exit(Integer.parseInt(arguments[0]));
        }
    }
}
