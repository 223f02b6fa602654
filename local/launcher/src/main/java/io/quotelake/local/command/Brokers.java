package io.quotelake.local.command;

import io.quotelake.local.Workspace;
import io.quotelake.local.stack.KafkaBroker;
import io.quotelake.local.stack.RunningStack;
import java.io.IOException;
import java.util.Optional;

/** Which broker a command talks to. */
final class Brokers {

    private Brokers() {}

    /**
     * The one that the environment or {@code .env} names, else that of the running stack, else the
     * usual address.
     */
    static String of(Workspace workspace) throws IOException {
        Optional<String> named = workspace.settings().brokers();
        if (named.isPresent()) {
            return named.get();
        }
        return RunningStack.find(workspace.state())
                .map(RunningStack::bootstrapServers)
                .orElse("127.0.0.1:" + KafkaBroker.USUAL_PORT);
    }
}
