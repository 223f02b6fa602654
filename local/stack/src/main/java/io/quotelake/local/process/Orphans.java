package io.quotelake.local.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** Children that outlived their launcher, because it was killed. */
public final class Orphans {
    private static final Duration GRACE = Duration.ofSeconds(5);

    private Orphans() {}

    /** Those that are still alive, each with its process id: {@code kafka (pid 4711)}. */
    public static List<String> alive(Path pidDirectory) throws IOException {
        return PidFile.orphans(pidDirectory).entrySet().stream()
                .map(orphan -> "%s (pid %d)".formatted(orphan.getKey(), orphan.getValue().pid()))
                .toList();
    }

    /**
     * Ends every child that the pid files of this directory name and that is still alive.
     *
     * @return how many there were
     */
    public static int end(Path pidDirectory) throws IOException {
        Collection<ProcessHandle> orphans = PidFile.orphans(pidDirectory).values();
        orphans.forEach(orphan -> Termination.of(orphan, GRACE));
        PidFile.deleteAll(pidDirectory);
        return orphans.size();
    }
}
