package io.quotelake.local.command;

import io.quotelake.local.Failure;
import io.quotelake.local.Workspace;
import io.quotelake.local.lake.LakeFolder;
import io.quotelake.local.lake.PartitionTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the partitions of the local lake. */
@Command(
        name = "list",
        sortOptions = false,
        description =
                "Show the tree of partitions with files, rows and bytes; the stack need not run.")
public final class ListCommand implements Callable<Integer> {
    @Mixin private HelpOption help;

    @Option(names = "--index", paramLabel = "INDEX", description = "Only this index.")
    private String index;

    @Option(
            names = "--dates",
            paramLabel = "N",
            defaultValue = "3",
            description = "Show so many dates of each index one by one. Default: ${DEFAULT-VALUE}")
    private int dates;

    @Option(names = "--all", description = "Show every date.")
    private boolean all;

    @Override
    public Integer call() throws Exception {
        Workspace workspace = Workspace.current();
        Path bucket = workspace.state().s3().resolve(workspace.settings().bucket());
        Path table = bucket.resolve(workspace.settings().topic());
        if (!Files.isDirectory(table)) {
            throw Failure.ofUse(
                    "there is no lake at " + table + " yet: make one with ./quotelake demo");
        }
        workspace
                .console()
                .line("s3://%s/%s (%s)", bucket.getFileName(), table.getFileName(), table);
        int shown = all ? Integer.MAX_VALUE : dates;
        new PartitionTree(line -> workspace.console().line("%s", line), index, shown)
                .show(new LakeFolder(table));
        return 0;
    }
}
