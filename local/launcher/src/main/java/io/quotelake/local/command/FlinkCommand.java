package io.quotelake.local.command;

import io.quotelake.local.stack.FlinkClient;
import io.quotelake.local.stack.RunningStack;
import io.quotelake.local.stack.Workspace;
import io.quotelake.terminal.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Runs Flink's own command-line client against the running stack. */
@Command(
        name = "flink",
        description =
                "Run Flink's command-line client on the running stack: list, savepoint, stop, cancel, …")
public final class FlinkCommand implements Callable<Integer> {

    private static final Set<String> HELP = Set.of("-h", "--help");

    @Unmatched private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        Workspace workspace = Workspace.current();
        boolean asksForHelp = arguments.isEmpty() || arguments.stream().anyMatch(HELP::contains);
        FlinkClient client =
                asksForHelp
                        ? FlinkClient.ofNoCluster(workspace.installation(), workspace.state())
                        : RunningStack.require(workspace.state()).client(workspace.installation());
        FlinkClient.Result result = client.run(arguments, Map.of());
        if (result.exitCode() == 0 || asksForHelp) {
            workspace.console().lines(result.output());
            return result.exitCode() == 0 ? 0 : 2;
        }
        String message =
                "flink %s failed: %s (log: %s)"
                        .formatted(arguments.get(0), result.reason(), result.log());
        throw result.exitCode() == 2 ? Failure.ofUse(message) : Failure.atRunTime(message);
    }
}
