package io.quotelake.local.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Children that outlived their launcher, because it was killed. */
public final class Orphans {
    private static final Duration GRACE = Duration.ofSeconds(5);

    private Orphans() {}

    /**
     * Ends every child that the pid files of this directory name and that is still alive.
     *
     * @return how many there were
     */
    public static int end(Path pidDirectory) throws IOException {
        List<ProcessHandle> orphans = PidFile.orphans(pidDirectory);
        orphans.forEach(orphan -> Termination.of(orphan, GRACE));
        PidFile.deleteAll(pidDirectory);
        return orphans.size();
    }
}
