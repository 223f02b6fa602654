package io.quotelake.local.command;

import io.quotelake.local.stack.Stack;
import io.quotelake.local.stack.Workspace;
import io.quotelake.terminal.HelpOption;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Starts the stack without data and keeps it up. */
@Command(
        name = "up",
        description = {
            "Start broker, S3 endpoint and Flink cluster, and keep them up until Ctrl-C.",
            "What an earlier run left in .quotelake is used again, and its job goes on from its newest checkpoint."
        })
public final class UpCommand implements Callable<Integer> {
    @Mixin private HelpOption help;
    @Mixin private StackMixin stackOptions;

    @Override
    public Integer call() throws IOException {
        Workspace workspace = Workspace.current();
        try (Stack stack = StackMixin.start(workspace, stackOptions.options(workspace));
                Supervision supervision = new Supervision(workspace, stack)) {
            supervision.resumeLostJobs();
            stackOptions.startDashboard(workspace, stack, Optional.empty());
            stackOptions.printAddresses(workspace, stack);
            workspace
                    .console()
                    .line(
                            "In another terminal: ./quotelake submit, produce, list. Stop with Ctrl-C.");
            Outcome.of(supervision.gaveUp());
        }
        return 0;
    }
}
