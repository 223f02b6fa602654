package io.quotelake.verifier;

import io.quotelake.terminal.Console;
import io.quotelake.terminal.Failure;
import io.quotelake.terminal.HelpOption;
import io.quotelake.verifier.table.Lake;
import io.quotelake.verifier.table.PartitionTree;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Shows the partitions of a lake. */
@Command(
        name = "list",
        sortOptions = false,
        description =
                "Show the tree of partitions with files, rows and bytes. No broker and no job need run.")
public final class ListCommand implements Callable<Integer> {
    private static final int INDICES_NAMED = 14;

    @ParentCommand private Surroundings.Of parent;

    @Mixin private HelpOption help;

    @Mixin private TableMixin table;

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

    @Option(
            names = "--no-rows",
            description = "Don't count rows, for which every object must be read.")
    private boolean withoutRows;

    @Override
    public Integer call() throws Exception {
        if (dates < 0) {
            throw Failure.ofUse("--dates " + dates + ": it is 0 or more");
        }
        Surroundings surroundings = parent.surroundings();
        String address = table.address(surroundings, surroundings.topic());
        Lines lines = new Lines(surroundings.console(), address);
        PartitionTree tree = new PartitionTree(lines, index, all ? Integer.MAX_VALUE : dates);
        try (Lake lake =
                table.isNamed() ? table.open(address) : table.openHere(address, surroundings)) {
            if (!tree.show(lake, !withoutRows)) {
                throw Failure.ofUse(
                        tree.indices().isEmpty()
                                ? "there is no lake at %s yet: files appear there with the job's first checkpoint"
                                        .formatted(address)
                                : "the lake has no index '%s'; it has %s"
                                        .formatted(index, some(tree)));
            }
        }
        return 0;
    }

    private static String some(PartitionTree tree) {
        return tree.indices().stream().limit(INDICES_NAMED).collect(Collectors.joining(", "));
    }

    /** Says which lake it is before the first line about it. */
    private static final class Lines implements Consumer<String> {
        private final Console console;
        private final String address;
        private boolean begun;

        Lines(Console console, String address) {
            this.console = console;
            this.address = address;
        }

        @Override
        public void accept(String line) {
            if (!begun) {
                begun = true;
                console.line("%s", address);
            }
            console.line("%s", line);
        }
    }
}
