package io.quotelake.local.job;

import io.quotelake.flink.FlinkRest;
import io.quotelake.local.stack.FlinkClient;
import io.quotelake.local.stack.Installation;
import io.quotelake.local.stack.Settings;
import io.quotelake.local.stack.Stack;
import io.quotelake.local.stack.StateDirectory;
import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Hands the job to the local cluster through {@code flink run}, from the beginning or from a
 * checkpoint.
 */
public final class JobSubmitter {
    private static final Pattern SUBMITTED =
            Pattern.compile("Job has been submitted with JobID ([0-9a-f]{32})");

    private static final String WAYS_OUT =
            "Name the state with --checkpoint if you have it elsewhere; or write the rows into a table of their own:"
                    + " ./quotelake submit --start-from WHERE --output s3://BUCKET/ANOTHER --group-id ANOTHER;"
                    + " or a further range into this one: ./quotelake submit --append --start-from WHERE";

    private final Installation installation;
    private final FlinkClient client;
    private final FlinkRest rest;
    private final Submissions submissions;
    private final Checkpoints checkpoints;
    private final LocalTables tables;
    private final String ownBroker;

    /** For a stack that this process has started. */
    public JobSubmitter(Installation installation, Stack stack) {
        this(
                installation,
                stack.flink().client(),
                stack.flink().rest(),
                stack.state(),
                stack.broker().bootstrapServers());
    }

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
        tables = new LocalTables(state);
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
                        false,
                        null);
        return run(submission, Optional.empty());
    }

    /**
     * Submits the job again, from its newest checkpoint or savepoint. Only a job that has written
     * nothing starts anew.
     *
     * @param arguments options that change; the others stay as they were
     * @param parallelism its slots from now on; 0 for those it had
     * @throws Failure if it has another topic or table now; if there is no state to go on from, and
     *     rows would be written again
     */
    public Submission resume(Submission submission, List<String> arguments, int parallelism)
            throws IOException {
        Submission changed = submission.changed(arguments, parallelism);
        refuseAnotherJob(submission, changed);
        return run(changed, stateToResume(submission));
    }

    /**
     * Submits the job again, from a checkpoint or savepoint that the user names.
     *
     * @throws Failure if there is none, or a newer one is known
     */
    public Submission resumeFrom(
            String location, Submission submission, List<String> arguments, int parallelism)
            throws IOException {
        Submission changed = submission.changed(arguments, parallelism);
        refuseSecondWriter(submission);
        refuseAnotherJob(submission, changed);
        SavedState named =
                checkpoints
                        .at(location)
                        .orElseThrow(
                                () ->
                                        Failure.ofUse(
                                                "--checkpoint: there is no completed checkpoint or savepoint at "
                                                        + location));
        Optional<SavedState> newest =
                newest(submission).filter(state -> state.checkpoint() > named.checkpoint());
        if (newest.isPresent()) {
            throw Failure.ofUse(
                    "--checkpoint: %s is checkpoint %d of the job, and %s is checkpoint %d: from an older one rows that are published since would be written again. Resume without --checkpoint"
                            .formatted(
                                    named.location(),
                                    named.checkpoint(),
                                    newest.get().location(),
                                    newest.get().checkpoint()));
        }
        return run(changed, Optional.of(named));
    }

    /**
     * What {@link #resume} starts from; nothing for a job that has written nothing.
     *
     * @throws Failure if the job runs; if the newest state is gone, or there is none and rows are
     *     there
     */
    public Optional<SavedState> stateToResume(Submission submission) throws IOException {
        refuseSecondWriter(submission);
        Optional<SavedState> newest = newest(submission);
        if (newest.isEmpty()) {
            refuseToStartAnew(submission);
            return newest;
        }
        return Optional.of(
                checkpoints
                        .at(newest.get().location())
                        .orElseThrow(() -> gone(submission, newest.get())));
    }

    /** By number, of those that are kept and those that Flink has told of. */
    private Optional<SavedState> newest(Submission submission) throws IOException {
        return Stream.of(checkpoints.newest(submission.jobIds()), toldOf(submission))
                .flatMap(Optional::stream)
                .max(Comparator.comparing(SavedState::checkpoint));
    }

    private Optional<SavedState> toldOf(Submission submission) throws IOException {
        Optional<SavedState> now =
                rest.jobs().containsKey(submission.currentJobId())
                        ? new JobStates(rest).newest(submission.currentJobId())
                        : Optional.empty();
        return now.or(() -> Optional.ofNullable(submission.lastState()));
    }

    private static Failure gone(Submission submission, SavedState newest) {
        return Failure.ofUse(
                ("job %s can't be resumed: its newest state, checkpoint %d in %s, is not there any more (Flink deletes the"
                                + " checkpoints of a job that has finished), and from any other rows would be written again. %s")
                        .formatted(
                                submission.currentJobId(),
                                newest.checkpoint(),
                                newest.location(),
                                WAYS_OUT));
    }

    private void refuseToStartAnew(Submission submission) {
        if (tables.hasRows(submission.output())) {
            throw Failure.ofUse(
                    "job %s can't be resumed: it has no checkpoint or savepoint, and %s has rows already, which would be written again. %s"
                            .formatted(submission.currentJobId(), submission.output(), WAYS_OUT));
        }
    }

    /** A job is what its topic and its table are: its state holds the places of both. */
    private static void refuseAnotherJob(Submission was, Submission now) {
        if (!was.isSameJob(now)) {
            throw Failure.ofUse(
                    ("--resume goes on with the job from topic %s to %s, and not from topic %s to %s: its state holds the"
                                    + " topic's offsets and the table's open files. For another topic or table submit another job"
                                    + " (without --resume, with --start-from, --output and --group-id)")
                            .formatted(was.source(), was.output(), now.source(), now.output()));
        }
    }

    private Submission run(Submission submission, Optional<SavedState> from) throws IOException {
        refuseSecondWriter(submission);
        List<String> words = new ArrayList<>(List.of("run", "-d"));
        from.ifPresent(saved -> words.addAll(List.of("-s", saved.location())));
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

    /** Jobs that others have started on the cluster. */
    FoundJobs foundJobs() {
        return new FoundJobs(rest, ownBroker);
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
