package io.quotelake.local.job;

import io.quotelake.local.Failure;
import io.quotelake.local.Installation;
import io.quotelake.local.Settings;
import io.quotelake.local.stack.FlinkClient;
import io.quotelake.local.stack.FlinkRest;
import io.quotelake.local.stack.StateDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hands the job to the local cluster through {@code flink run}, from the beginning or from a
 * checkpoint.
 */
public final class JobSubmitter {
    private static final Pattern SUBMITTED =
            Pattern.compile("Job has been submitted with JobID ([0-9a-f]{32})");

    private final Installation installation;
    private final FlinkClient client;
    private final FlinkRest rest;
    private final Submissions submissions;
    private final Checkpoints checkpoints;
    private final String ownBroker;

    /**
     * @param ownBroker the stack's own broker, for jobs that name no other
     */
    public JobSubmitter(
            Installation installation,
            FlinkClient client,
            FlinkRest rest,
            StateDirectory state,
            String ownBroker) {
        this.installation = installation;
        this.client = client;
        this.rest = rest;
        this.ownBroker = ownBroker;
        submissions = new Submissions(state);
        checkpoints = new Checkpoints(state);
    }

    /**
     * Submits the job anew.
     *
     * @param parallelism the slots it takes; 0 for what the cluster's configuration says
     * @throws Failure with the job's own message and exit code when it refuses; when a job that
     *     runs writes to the same prefix already
     */
    public Submission submit(List<String> arguments, int parallelism, Settings settings)
            throws IOException {
        Submission submission =
                new Submission(
                        arguments,
                        parallelism,
                        settings.brokers().orElse(null),
                        settings.topic(),
                        settings.bucket(),
                        List.of(),
                        false);
        return run(submission, Optional.empty());
    }

    /**
     * Submits the job again, from its newest checkpoint. Without one nothing was published, and it
     * starts anew.
     *
     * @param arguments the job's options from now on; none for those it had
     * @param parallelism its slots from now on; 0 for those it had
     */
    public Submission resume(Submission submission, List<String> arguments, int parallelism)
            throws IOException {
        return run(
                submission.changed(arguments, parallelism),
                checkpoints.newest(submission.jobIds()));
    }

    /**
     * Submits the job again, from a checkpoint that may not be the newest: its rows need another
     * prefix then.
     */
    public Submission resumeFrom(
            Path checkpoint, Submission submission, List<String> arguments, int parallelism)
            throws IOException {
        return run(submission.changed(arguments, parallelism), Optional.of(checkpoint));
    }

    /** The newest checkpoint that {@link #resume} would start from. */
    public Optional<Path> newestCheckpoint(Submission submission) throws IOException {
        return checkpoints.newest(submission.jobIds());
    }

    private Submission run(Submission submission, Optional<Path> checkpoint) throws IOException {
        refuseSecondWriter(submission);
        List<String> words = new ArrayList<>(List.of("run", "-d"));
        checkpoint.ifPresent(path -> words.addAll(List.of("-s", path.toString())));
        if (submission.parallelism() > 0) {
            words.addAll(List.of("-p", Integer.toString(submission.parallelism())));
        }
        words.add(installation.jobJar().toString());
        words.addAll(submission.arguments());
        FlinkClient.Result result = client.run(words, environment(submission));
        Matcher matcher = SUBMITTED.matcher(String.join("\n", result.output()));
        if (result.exitCode() == 0 && matcher.find()) {
            Submission submitted = submission.resumedAs(matcher.group(1));
            submissions.save(submitted);
            return submitted;
        }
        throw refusal(result);
    }

    private void refuseSecondWriter(Submission submission) throws IOException {
        for (String id : rest.unendedJobs()) {
            String output =
                    rest.get("/jobs/" + id + "/config")
                            .path("execution-config")
                            .path("user-config")
                            .path("output")
                            .asText();
            if (submission.jobIds().contains(id) || submission.output().equals(output)) {
                throw Failure.ofUse(
                        "job %s still runs and writes to %s: a second one would write each row twice. Stop it first (./quotelake flink stop %s)"
                                .formatted(id, output, id));
            }
        }
    }

    private Map<String, String> environment(Submission submission) {
        Map<String, String> environment = new HashMap<>();
        environment.put(
                Settings.BROKERS, Optional.ofNullable(submission.brokers()).orElse(ownBroker));
        environment.put(Settings.TOPIC, submission.topic());
        environment.put(Settings.BUCKET, submission.bucket());
        return environment;
    }

    /**
     * A job that was used wrongly says so in one line; of a stack trace the innermost cause tells
     * most.
     */
    private static Failure refusal(FlinkClient.Result result) {
        String message =
                "the job was not submitted: %s (log: %s)".formatted(result.reason(), result.log());
        return result.exitCode() == 2 ? Failure.ofUse(message) : Failure.atRunTime(message);
    }
}
