package io.quotelake.local.command;

import io.quotelake.local.stack.Workspace;
import io.quotelake.terminal.Failure;
import java.io.IOException;
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

    private static final String STANDARD_INPUT = "-";

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
        if (!needsBroker) {
            return new Producer(workspace, Optional.empty()).inForeground(words);
        }
        return new Producer(workspace, Optional.of(brokers(workspace, words))).inForeground(words);
    }

    /** Without a broker the feed's own mistakes come first, as they would with one. */
    private static String brokers(Workspace workspace, List<String> words) throws IOException {
        try {
            return Brokers.of(workspace);
        } catch (Failure noBroker) {
            if (!words.contains(STANDARD_INPUT)) {
                new Producer(workspace, Optional.empty()).demandNoMistake(words);
            }
            throw noBroker;
        }
    }
}
