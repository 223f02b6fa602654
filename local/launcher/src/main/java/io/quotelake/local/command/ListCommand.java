package io.quotelake.local.command;

import io.quotelake.local.stack.Workspace;
import io.quotelake.terminal.Failure;
import io.quotelake.terminal.HelpOption;
import io.quotelake.verifier.table.LakeFolder;
import io.quotelake.verifier.table.PartitionTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
        if (dates < 0) {
            throw Failure.ofUse("--dates " + dates + ": it is 0 or more");
        }
        if (index != null) {
            demandIndex(table);
        }
        int shown = all ? Integer.MAX_VALUE : dates;
        workspace
                .console()
                .line("s3://%s/%s (%s)", bucket.getFileName(), table.getFileName(), table);
        new PartitionTree(line -> workspace.console().line("%s", line), index, shown)
                .show(new LakeFolder(table));
        return 0;
    }

    private void demandIndex(Path table) throws IOException {
        List<String> indices;
        try (Stream<Path> folders = Files.list(table)) {
            indices =
                    folders.map(folder -> folder.getFileName().toString())
                            .filter(name -> name.startsWith("index="))
                            .map(name -> name.substring("index=".length()))
                            .sorted()
                            .toList();
        }
        if (!indices.contains(index)) {
            String some = String.join(", ", indices.subList(0, Math.min(14, indices.size())));
            throw Failure.ofUse(
                    "the lake has no index '%s'; it has %s"
                            .formatted(index, indices.isEmpty() ? "none yet" : some));
        }
    }
}
