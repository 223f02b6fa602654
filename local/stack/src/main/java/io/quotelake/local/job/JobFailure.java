package io.quotelake.local.job;

import io.quotelake.flink.FlinkRest;
import io.quotelake.terminal.Sentence;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Why a job failed. */
public final class JobFailure {
    private static final String CAUSE = "Caused by: ";

    private JobFailure() {}

    /**
     * The sentence of the innermost cause; nothing for a job that has not failed, or is unknown.
     */
    public static Optional<String> reason(FlinkRest rest, String job) throws IOException {
        if (!"FAILED".equals(rest.jobs().get(job))) {
            return Optional.empty();
        }
        List<String> trace =
                rest.get("/jobs/" + job + "/exceptions")
                        .at("/exceptionHistory/entries/0/stacktrace")
                        .asText("no reason is known")
                        .lines()
                        .toList();
        String innermost =
                trace.stream()
                        .filter(line -> line.startsWith(CAUSE))
                        .reduce((outer, inner) -> inner)
                        .orElse(trace.get(0));
        return Optional.of(Sentence.withoutClassNames(innermost.replaceFirst("^" + CAUSE, "")));
    }
}
