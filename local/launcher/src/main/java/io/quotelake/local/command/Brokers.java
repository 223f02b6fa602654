package io.quotelake.local.command;

import io.quotelake.local.stack.RunningStack;
import io.quotelake.local.stack.Settings;
import io.quotelake.local.stack.Workspace;
import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.util.Optional;

/** Which broker a command talks to. */
final class Brokers {

    private Brokers() {}

    /**
     * The one that the environment or {@code .env} names, else that of the running stack.
     *
     * @throws Failure if there is neither
     */
    static String of(Workspace workspace) throws IOException {
        Optional<String> named = workspace.settings().brokers();
        if (named.isPresent()) {
            return named.get();
        }
        Optional<RunningStack> running = RunningStack.find(workspace.state());
        if (running.isPresent()) {
            return running.get().bootstrapServers();
        }
        throw Failure.ofUse(
                RunningStack.noneRuns(workspace.state())
                        + ", or name a broker with --bootstrap-servers or "
                        + Settings.BROKERS);
    }
}
