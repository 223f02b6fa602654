package io.quotelake.local.job;

import io.quotelake.flink.FlinkRest;
import io.quotelake.local.stack.StateDirectory;
import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Keeps the submitted jobs running: knows which have come to an end, and resumes the others after a
 * JobManager died.
 */
public final class JobKeeper {
    private final Submissions submissions;
    private final JobSubmitter submitter;

    public JobKeeper(StateDirectory state, JobSubmitter submitter) {
        this.submissions = new Submissions(state);
        this.submitter = submitter;
    }

    /** Notes the jobs that have ended, and returns those that failed since the last time. */
    public List<Submission> noteEnded(FlinkRest rest) throws IOException {
        List<Submission> failed = new ArrayList<>();
        Map<String, String> states = rest.jobs();
        noteFound(states.keySet());
        for (Submission submission : submissions.all()) {
            String id = submission.currentJobId();
            String state = states.getOrDefault(id, "");
            if (!submission.ended() && FlinkRest.ENDED.contains(state)) {
                submissions.save(submission.asEnded(new JobStates(rest).newest(id)));
                if (state.equals("FAILED")) {
                    failed.add(submission);
                }
            }
        }
        return failed;
    }

    /** A job that was started with Flink's own client is kept like any other. */
    private void noteFound(Set<String> ids) throws IOException {
        for (String id : ids) {
            List<Submission> known = submissions.all();
            if (known.stream().noneMatch(submission -> submission.jobIds().contains(id))) {
                Optional<Submission> found = submitter.foundJobs().submission(id, known);
                if (found.isPresent()) {
                    submissions.save(found.get());
                }
            }
        }
    }

    /**
     * Resumes every job that has not ended and that the JobManager does not know.
     *
     * @param refused told of each that can't be resumed, and why
     */
    public List<Submission> resumeLost(FlinkRest rest, BiConsumer<Submission, Failure> refused)
            throws IOException {
        List<Submission> resumed = new ArrayList<>();
        Map<String, String> states = rest.jobs();
        for (Submission submission : submissions.all()) {
            if (!submission.ended() && !states.containsKey(submission.currentJobId())) {
                try {
                    resumed.add(submitter.resume(submission, List.of(), 0));
                } catch (Failure e) {
                    refused.accept(submission, e);
                }
            }
        }
        return resumed;
    }
}
