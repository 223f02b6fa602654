package io.quotelake.local.status;

import io.quotelake.flink.FlinkRest;
import io.quotelake.local.job.Checkpoints;
import io.quotelake.local.job.JobFailure;
import io.quotelake.local.job.LocalTables;
import io.quotelake.local.job.Submission;
import io.quotelake.local.job.Submissions;
import io.quotelake.local.stack.RunningStack;
import io.quotelake.local.stack.StateDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The command that is right when no job runs. */
public final class NextStep {
    private final RunningStack stack;
    private final StateDirectory state;
    private final List<Submission> newestFirst;

    public NextStep(RunningStack stack) throws IOException {
        this.stack = stack;
        state = stack.state();
        newestFirst = new ArrayList<>(new Submissions(state).all());
        Collections.reverse(newestFirst);
    }

    /** A job that has written is resumed: submitted anew, it would write its rows again. */
    public String advice(FlinkRest rest) throws IOException {
        Optional<Submission> resumable =
                newestFirst.stream().filter(new Checkpoints(state)::isKept).findFirst();
        if (resumable.isPresent()) {
            return resumption(rest, resumable.get());
        }
        List<String> tables = new ArrayList<>();
        newestFirst.forEach(submission -> tables.add(submission.output()));
        tables.add(stack.table());
        return tables.stream()
                .filter(new LocalTables(state)::hasRows)
                .findFirst()
                .map(NextStep::withoutState)
                .orElse("./quotelake submit starts one");
    }

    private String resumption(FlinkRest rest, Submission submission) throws IOException {
        String command =
                "./quotelake submit --resume"
                        + (submission.equals(newestFirst.get(0))
                                ? ""
                                : " --job " + submission.currentJobId());
        Optional<String> failure = JobFailure.reason(rest, submission.currentJobId());
        return failure.isEmpty()
                ? command + " goes on with the one to " + submission.output()
                : "the one to %s failed: %s. When that is mended, %s goes on"
                        .formatted(submission.output(), failure.get(), command);
    }

    private static String withoutState(String table) {
        return ("%s has rows, and no job of it is known here that could go on;"
                        + " docs/operations.md, \"A start without a state on a written table\", says what to do")
                .formatted(table);
    }
}
