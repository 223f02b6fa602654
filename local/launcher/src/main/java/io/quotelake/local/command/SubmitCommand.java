package io.quotelake.local.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.quotelake.local.job.JobSubmitter;
import io.quotelake.local.job.SavedState;
import io.quotelake.local.job.Submission;
import io.quotelake.local.job.Submissions;
import io.quotelake.local.stack.FlinkClient;
import io.quotelake.local.stack.RunningStack;
import io.quotelake.local.stack.Settings;
import io.quotelake.local.stack.Workspace;
import io.quotelake.terminal.Count;
import io.quotelake.terminal.Failure;
import io.quotelake.terminal.HelpOption;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Submits the job to the running stack, or resumes it. */
@Command(
        name = "submit",
        sortOptions = false,
        description = {
            "Submit the job to the running stack with flink run; all other options are the job's",
            "(./quotelake submit -- --help shows them)."
        })
public final class SubmitCommand implements Callable<Integer> {
    /** The job's words when its options are right, and nobody has named it a broker. */
    private static final String NO_BROKERS = "no Kafka brokers given";

    @Mixin private HelpOption help;

    @Option(
            names = "--resume",
            description = {
                "Go on from the newest checkpoint or savepoint of the job that was submitted, resumed or ended last,",
                "with its options, but for those that are given now."
            })
    private boolean resume;

    @Option(
            names = "--job",
            paramLabel = "ID",
            description = "With --resume: this job, by an id that it has or had.")
    private String job;

    @Option(
            names = "--checkpoint",
            paramLabel = "DIR",
            description = {
                "With --resume: from this checkpoint or savepoint, which Flink need not know any more. One that is older than",
                "the newest is refused, because rows that are published already would be written again."
            })
    private String checkpoint;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description =
                    "Slots that the job takes, also when it is resumed. Default: what the cluster's configuration says.")
    private int parallelism;

    @Unmatched private List<String> jobArguments = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        Workspace workspace = Workspace.current();
        if ((checkpoint != null || job != null) && !resume) {
            throw Failure.ofUse("--job and --checkpoint go with --resume");
        }
        if (parallelism < 0) {
            throw Failure.ofUse("--parallelism " + parallelism + " is no number of slots");
        }
        List<String> arguments = jobArguments.stream().filter(word -> !word.equals("--")).toList();
        if (arguments.contains("--help") || arguments.contains("-h")) {
            return showOptionsOfJob(workspace);
        }
        if (RunningStack.find(workspace.state()).isEmpty()) {
            demandNoMistake(workspace, arguments);
        }
        RunningStack stack = RunningStack.require(workspace.state());
        demandSlots(stack);
        JobSubmitter submitter =
                new JobSubmitter(
                        workspace.installation(),
                        stack.client(workspace.installation()),
                        stack.rest(),
                        workspace.state(),
                        stack.bootstrapServers());
        Submission submitted =
                resume
                        ? resumed(workspace, submitter, arguments)
                        : submitter.submit(arguments, parallelism, workspace.settings());
        workspace
                .console()
                .line(
                        "Submitted job %s: %s/#/job/running/%s/overview",
                        submitted.currentJobId(), stack.web(), submitted.currentJobId());
        return 0;
    }

    /** A job without its slots looks alive, and does nothing. */
    private void demandSlots(RunningStack stack) throws IOException {
        JsonNode cluster = stack.rest().get("/overview");
        int free = cluster.path("slots-available").asInt();
        int needed = Math.max(1, parallelism);
        if (free < needed) {
            throw Failure.ofUse(
                    "the job takes %s, and %d of %d are free: stop another job (./quotelake flink list), or ./quotelake up --slots N"
                            .formatted(
                                    Count.of(needed, "slot"),
                                    free,
                                    cluster.path("slots-total").asInt()));
        }
    }

    /** Without a stack the options' own mistakes come first, as they would with one. */
    private static void demandNoMistake(Workspace workspace, List<String> arguments)
            throws IOException {
        List<String> run =
                new ArrayList<>(List.of("run", workspace.installation().jobJar().toString()));
        run.addAll(withoutBrokers(arguments));
        FlinkClient.Result result =
                FlinkClient.ofNoCluster(workspace.installation(), workspace.state())
                        .run(
                                run,
                                Map.of(
                                        Settings.BROKERS,
                                        "",
                                        Settings.BUCKET,
                                        workspace.settings().bucket()));
        if (result.exitCode() == 2 && !result.reason().contains(NO_BROKERS)) {
            throw Failure.ofUse(result.reason().replaceFirst("^quotelake-flink-job: ", ""));
        }
    }

    /** A job that knows brokers would ask them, and look for a cluster. */
    private static List<String> withoutBrokers(List<String> arguments) {
        List<String> others = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).equals("--bootstrap-servers")) {
                i++;
            } else if (!arguments.get(i).startsWith("--bootstrap-servers=")) {
                others.add(arguments.get(i));
            }
        }
        return others;
    }

    private static int showOptionsOfJob(Workspace workspace) throws IOException {
        String jar = workspace.installation().jobJar().toString();
        FlinkClient.Result usage =
                FlinkClient.ofNoCluster(workspace.installation(), workspace.state())
                        .run(List.of("run", jar, "--help"), Map.of());
        workspace.console().lines(usage.output());
        return usage.exitCode();
    }

    private Submission resumed(Workspace workspace, JobSubmitter submitter, List<String> arguments)
            throws IOException {
        Submission last = toResume(new Submissions(workspace.state()));
        if (checkpoint != null) {
            return submitter.resumeFrom(checkpoint, last, arguments, parallelism);
        }
        Optional<SavedState> newest = submitter.stateToResume(last);
        Submission resumed = submitter.resume(last, arguments, parallelism);
        workspace
                .console()
                .line(
                        "Resumed from %s",
                        newest.map(SavedState::location)
                                .orElse("the beginning: nothing was written yet"));
        return resumed;
    }

    private Submission toResume(Submissions submissions) throws IOException {
        if (job == null) {
            return submissions
                    .newest()
                    .orElseThrow(
                            () ->
                                    Failure.ofUse(
                                            "there is no job to resume: start one with ./quotelake submit"));
        }
        return submissions.all().stream()
                .filter(submission -> submission.jobIds().contains(job))
                .findFirst()
                .orElseThrow(
                        () ->
                                Failure.ofUse(
                                        "no job "
                                                + job
                                                + " was submitted with ./quotelake submit: ./quotelake flink list -a shows all"));
    }
}
