package io.quotelake.local.command;

import io.quotelake.local.Failure;
import io.quotelake.local.Settings;
import io.quotelake.local.Workspace;
import io.quotelake.local.stack.RunningStack;
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
        return RunningStack.find(workspace.state())
                .map(RunningStack::bootstrapServers)
                .orElseThrow(
                        () ->
                                Failure.ofUse(
                                        "no broker is named and no stack runs here: start one in another terminal with"
                                                + " ./quotelake up, or name a broker with --bootstrap-servers or "
                                                + Settings.BROKERS));
    }
}
