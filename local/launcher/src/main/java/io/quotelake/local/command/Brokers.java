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
        return named.isPresent() ? named.get() : runningStack(workspace).bootstrapServers();
    }

    /**
     * The stack that runs here.
     *
     * @throws Failure if none does, with the other way to name a broker
     */
    static RunningStack runningStack(Workspace workspace) throws IOException {
        Optional<RunningStack> running = RunningStack.find(workspace.state());
        if (running.isPresent()) {
            return running.get();
        }
        throw Failure.ofUse(
                RunningStack.noneRuns(workspace.state())
                        + ", or name a broker with --bootstrap-servers or "
                        + Settings.BROKERS);
    }
}
