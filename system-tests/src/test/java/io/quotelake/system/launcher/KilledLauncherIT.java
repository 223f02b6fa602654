package io.quotelake.system.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quotelake.local.stack.RunningStack;
import io.quotelake.local.stack.StateDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A launcher that is killed, and one that is stopped, leave no process behind. */
@Tag("jobs")
class KilledLauncherIT {
    private static final Duration UP_WITHIN = Duration.ofMinutes(3);
    private static final Duration DOWN_WITHIN = Duration.ofMinutes(1);

    private final StateDirectory state = new StateDirectory(Path.of("target/killed-launcher-it"));
    private final Path output = Path.of("target/killed-launcher-it.out");
    private Process launcher;

    @AfterEach
    void stop() {
        launcher.destroy();
        launcher.onExit().join();
    }

    @Test
    void whateverEndsTheLauncherEndsItsProcesses() throws Exception {
        launcher = LauncherProcess.up(state.root(), output, UP_WITHIN);
        List<ProcessHandle> orphans = children();
        launcher.destroyForcibly().onExit().join();
        assertThat(RunningStack.find(state)).isEmpty();
        await().atMost(DOWN_WITHIN).until(() -> orphans.stream().noneMatch(ProcessHandle::isAlive));

        launcher = LauncherProcess.up(state.root(), output, UP_WITHIN);
        List<ProcessHandle> children = children();
        // SIGTERM, not Ctrl-C's signal, which has the same effect: processes that a shell runs in
        // the background ignore that one.
        launcher.destroy();
        await().atMost(DOWN_WITHIN).until(() -> !launcher.isAlive());
        await().atMost(DOWN_WITHIN)
                .until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** Broker, S3 endpoint, JobManager, TaskManager and dashboard, and the shells beside them. */
    private List<ProcessHandle> children() {
        List<ProcessHandle> children = launcher.descendants().toList();
        assertThat(children).hasSize(10).allMatch(ProcessHandle::isAlive);
        return children;
    }
}
