package io.quotelake.local.command;

import io.quotelake.local.stack.RunningStack;
import io.quotelake.local.stack.Workspace;
import io.quotelake.terminal.Console;
import io.quotelake.verifier.Surroundings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/** What the verifier's commands look at beside the stack of this machine. */
public record LocalSurroundings(Workspace workspace) implements Surroundings {

    @Override
    public Console console() {
        return workspace.console();
    }

    @Override
    public Optional<String> brokers() {
        return workspace.settings().brokers();
    }

    @Override
    public LocalStack stack() {
        try {
            RunningStack stack = Brokers.runningStack(workspace);
            return new LocalStack(
                    stack.bootstrapServers(), stack.rest(), workspace.state().verified());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String topic() {
        return workspace.settings().topic();
    }

    @Override
    public String table(String topic) {
        return "s3://" + workspace.settings().bucket() + "/" + topic;
    }

    @Override
    public Optional<Path> buckets() {
        return Optional.of(workspace.state().s3());
    }
}
