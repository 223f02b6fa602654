package io.quotelake.local.command;

import io.quotelake.local.Console;
import io.quotelake.local.Installation;
import io.quotelake.local.Settings;
import io.quotelake.local.stack.Stack;
import io.quotelake.local.stack.StateDirectory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Starts the stack without data and keeps it up. */
@Command(
        name = "up",
        description = "Start broker, S3 endpoint and Flink cluster, and keep them up until Ctrl-C.")
public final class UpCommand implements Callable<Integer> {
    @Mixin private StackMixin stackOptions;

    @Override
    public Integer call() throws Exception {
        Installation installation = Installation.current();
        Console console = Console.standard();
        StateDirectory state = new StateDirectory(installation.home().resolve(".quotelake"));
        try (Stack stack =
                stackOptions.start(
                        installation,
                        Settings.of(installation),
                        stackOptions.options(state),
                        console)) {
            console.line("Stop with Ctrl-C");
            Thread.currentThread().join();
        }
        return 0;
    }
}
