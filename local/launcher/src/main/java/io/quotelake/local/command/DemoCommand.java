package io.quotelake.local.command;

import io.quotelake.local.job.S3Writer;
import io.quotelake.local.job.Submission;
import io.quotelake.local.process.ChildProcess;
import io.quotelake.local.process.LogTail;
import io.quotelake.local.stack.Stack;
import io.quotelake.local.stack.StackOptions;
import io.quotelake.local.stack.Workspace;
import io.quotelake.terminal.Failure;
import io.quotelake.terminal.HelpOption;
import io.quotelake.verifier.verify.Granularity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The whole way from the CSV file to the lake, with everything real. */
@Command(
        name = "demo",
        sortOptions = false,
        description = {
            "Start everything, publish the CSV file, and show its rows arrive in the lake, each exactly once.",
            "Begins with an empty lake; what was here before is kept below .quotelake/previous."
        })
public final class DemoCommand implements Callable<Integer> {
    private static final String LIVE_RATE = "5/s";

    @Mixin private HelpOption help;
    @Mixin private StackMixin stackOptions;

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description = "The file to publish. Default: data/indexProcessed.csv")
    private Path csv;

    @Option(
            names = "--exit",
            description =
                    "Stop after the summary; exit code 0 only if every published row is in the lake exactly once.")
    private boolean exit;

    @Option(
            names = "--date-granularity",
            paramLabel = "UNIT",
            description =
                    "What one date= folder holds: ${COMPLETION-CANDIDATES}. Default: day; year with --s3-writer flink.")
    private Granularity granularity;

    @Option(
            names = "--s3-writer",
            paramLabel = "WRITER",
            defaultValue = "quotelake",
            description =
                    "What writes to S3, the job's own writer or Flink's plugin:"
                            + " ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private S3Writer writer;

    @Override
    public Integer call() throws Exception {
        Workspace workspace = Workspace.current().withOwnBroker();
        Path file = csv == null ? workspace.installation().dataSet() : csv.toAbsolutePath();
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw Failure.ofUse("can't read the CSV file " + file + ": name one with --csv FILE");
        }
        StackOptions options =
                stackOptions
                        .options(workspace)
                        .earlierLakeSetAside()
                        // Files are published with checkpoints: nobody wants to wait for them here.
                        .flink("execution.checkpointing.interval", "3s")
                        .flink("execution.checkpointing.min-pause", "500ms");
        options.demandStartable();
        new Producer(workspace, Optional.empty()).demandRows(file);
        try (Stack stack = StackMixin.start(workspace, options);
                Supervision supervision = new Supervision(workspace, stack)) {
            stackOptions.startDashboard(workspace, stack, Optional.of(file));
            Submission job =
                    supervision.submitter().submit(jobArguments(), 0, workspace.settings());
            workspace
                    .console()
                    .line(
                            "Submitted the job: %s/#/job/running/%s/overview",
                            stack.flink().rest().address(), job.currentJobId());
            boolean delivered = new Delivery(workspace, stack, supervision).run(file);
            if (exit) {
                workspace
                        .console()
                        .line(
                                "Stopping. ./quotelake up goes on with this lake; list and query read it as it is.");
            } else {
                stackOptions.printAddresses(workspace, stack);
                feed(workspace, stack, supervision, file);
            }
            return delivered ? 0 : 1;
        }
    }

    /**
     * A file ends a few seconds after its last row, so that the demo is short and today's files can
     * be seen rolling.
     */
    private List<String> jobArguments() {
        String ofWriter = writer == S3Writer.FLINK ? "year" : "day";
        List<String> arguments = new ArrayList<>(writer.jobOptions());
        arguments.addAll(
                List.of(
                        "--date-granularity",
                                granularity == null ? ofWriter : granularity.toString(),
                        "--roll-interval", "15s",
                        "--roll-inactivity", "2s"));
        return arguments;
    }

    /** Rows of today until Ctrl-C. */
    private static void feed(Workspace workspace, Stack stack, Supervision supervision, Path file)
            throws IOException {
        workspace
                .console()
                .line(
                        "Feeding sampled rows of today, %s; see ./quotelake list. Stop with Ctrl-C.",
                        LIVE_RATE);
        Producer producer = new Producer(workspace, Optional.of(stack.broker().bootstrapServers()));
        List<String> sample =
                List.of(
                        "sample",
                        file.toString(),
                        "--as-of",
                        "today",
                        "--rate",
                        LIVE_RATE,
                        "--cluster-id",
                        stack.broker().clusterId());
        try (ChildProcess feed = stack.closeFirst(producer.inBackground(sample))) {
            CompletableFuture<Object> end =
                    CompletableFuture.anyOf(supervision.gaveUp(), feed.onExit());
            Outcome.of(end);
            throw Failure.atRunTime(
                    "the feed ended: %s (log: %s)"
                            .formatted(
                                    LogTail.reason(LogTail.of(feed.output(), 20)), feed.output()));
        }
    }
}
