package io.quotelake.local.command;

import io.quotelake.local.Failure;
import io.quotelake.local.Workspace;
import io.quotelake.local.job.JobSubmitter;
import io.quotelake.local.job.Submission;
import io.quotelake.local.job.Submissions;
import io.quotelake.local.stack.RunningStack;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private static final Set<String> ACTIVE =
            Set.of(
                    "INITIALIZING",
                    "CREATED",
                    "RUNNING",
                    "FAILING",
                    "CANCELLING",
                    "RESTARTING",
                    "RECONCILING");

    @Mixin private HelpOption help;

    @Option(
            names = "--resume",
            description = {
                "Go on from the newest checkpoint or savepoint of the job that was submitted last,",
                "with its options unless others are given."
            })
    private boolean resume;

    @Option(
            names = "--checkpoint",
            paramLabel = "DIR",
            description = {
                "With --resume: from this checkpoint. One that is not the newest is refused unless --output names",
                "another prefix, because rows that are published already would be written again."
            })
    private Path checkpoint;

    @Unmatched private List<String> jobArguments = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        Workspace workspace = Workspace.current();
        if (checkpoint != null && !resume) {
            throw Failure.ofUse("--checkpoint goes with --resume");
        }
        List<String> arguments = jobArguments.stream().filter(word -> !word.equals("--")).toList();
        RunningStack stack = RunningStack.require(workspace.state());
        JobSubmitter submitter =
                new JobSubmitter(
                        workspace.installation(),
                        stack.client(workspace.installation()),
                        workspace.state(),
                        stack.bootstrapServers());
        Submission submitted =
                resume
                        ? resumed(workspace, stack, submitter, arguments)
                        : submitter.submit(arguments, workspace.settings());
        workspace
                .console()
                .line(
                        "Submitted job %s: %s/#/job/running/%s/overview",
                        submitted.currentJobId(), stack.web(), submitted.currentJobId());
        return 0;
    }

    private Submission resumed(
            Workspace workspace, RunningStack stack, JobSubmitter submitter, List<String> arguments)
            throws IOException {
        Submission last =
                new Submissions(workspace.state())
                        .newest()
                        .orElseThrow(
                                () ->
                                        Failure.ofUse(
                                                "there is no job to resume: start one with ./quotelake submit"));
        Map<String, String> states = stack.rest().jobs();
        if (ACTIVE.contains(states.getOrDefault(last.currentJobId(), ""))) {
            throw Failure.ofUse(
                    "job "
                            + last.currentJobId()
                            + " still runs: two of it would write each row twice. Stop it first");
        }
        Optional<Path> newest = submitter.newestCheckpoint(last);
        if (checkpoint == null) {
            workspace
                    .console()
                    .line(
                            "Resuming from %s",
                            newest.map(Path::toString)
                                    .orElse("the beginning: there is no checkpoint"));
            return submitter.resume(last, arguments);
        }
        Path demanded = checkpoint.toAbsolutePath().normalize();
        if (!newest.equals(Optional.of(demanded)) && !namesOutput(arguments)) {
            throw Failure.ofUse(
                    demanded
                            + " is not the newest checkpoint ("
                            + newest.map(Path::toString).orElse("there is none")
                            + "): rows published since would be written again. Name another prefix with --output");
        }
        return submitter.resumeFrom(demanded, last, arguments);
    }

    private static boolean namesOutput(List<String> arguments) {
        return arguments.stream()
                .anyMatch(word -> word.equals("--output") || word.startsWith("--output="));
    }
}
