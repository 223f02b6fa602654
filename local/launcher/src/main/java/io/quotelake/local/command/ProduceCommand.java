package io.quotelake.local.command;

import io.quotelake.local.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Runs the producer with the broker of the running stack. */
@Command(
        name = "produce",
        description =
                "Publish rows of a CSV file: replay (default) or sample, with the producer's options.")
public final class ProduceCommand implements Callable<Integer> {
    private static final Set<String> OWN_COMMANDS =
            Set.of("replay", "sample", "-h", "--help", "-V", "--version");
    private static final Set<String> BROKER_OF_ITS_OWN_OR_NONE =
            Set.of("--bootstrap-servers", "--dry-run", "-h", "--help", "-V", "--version");

    @Unmatched private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        Workspace workspace = Workspace.current();
        List<String> words = new ArrayList<>(arguments);
        if (words.isEmpty() || !OWN_COMMANDS.contains(words.get(0))) {
            words.add(0, "replay");
        }
        boolean needsBroker =
                words.stream()
                        .map(word -> word.replaceFirst("=.*", ""))
                        .noneMatch(BROKER_OF_ITS_OWN_OR_NONE::contains);
        Optional<String> brokers =
                needsBroker ? Optional.of(Brokers.of(workspace)) : Optional.empty();
        return new Producer(workspace, brokers).inForeground(words);
    }
}
