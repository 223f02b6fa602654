package io.quotelake.local.command;

import io.quotelake.local.stack.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Runs the dashboard over the running stack, or over the lake that an earlier one left. */
@Command(
        name = "dashboard",
        description = "Show market, lake and pipeline on a page, with the dashboard's options.")
public final class DashboardCommand implements Callable<Integer> {
    @Unmatched private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        return new Dashboard(Workspace.current()).inForeground(arguments);
    }
}
