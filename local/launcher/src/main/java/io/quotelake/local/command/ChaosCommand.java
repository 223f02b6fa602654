package io.quotelake.local.command;

import io.quotelake.local.fault.Chaos;
import io.quotelake.local.fault.Rig;
import io.quotelake.local.job.S3Writer;
import io.quotelake.local.stack.StateDirectory;
import io.quotelake.local.stack.Workspace;
import io.quotelake.terminal.Failure;
import io.quotelake.terminal.HelpOption;
import io.quotelake.verifier.verify.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows that the promise is kept while everything goes wrong. */
@Command(
        name = "chaos",
        sortOptions = false,
        description = {
            "Start a stack of its own with a feed, let its services die, hang and fail at random, and verify at the end that"
                    + " every record is exactly one row or one dead letter, or a dead letter that the job names as dropped by the broker.",
            ""
        },
        footer = {
            "",
            "Exit code: 0 nothing is wrong or lost in silence, and all lives; 1 it is not so; 2 wrong use."
        })
public final class ChaosCommand implements Callable<Integer> {
    @Mixin private HelpOption help;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "5",
            description = "How long, from 1. Default: ${DEFAULT-VALUE}")
    private int minutes;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description =
                    "The same faults in the same order again. Default: another seed each time")
    private Long seed;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "500",
            description = "Rows a second. Default: ${DEFAULT-VALUE}")
    private int rate;

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
        if (minutes < 1 || rate < 1) {
            throw Failure.ofUse("--minutes and --rate are at least 1");
        }
        Workspace here = Workspace.current().withOwnBroker();
        // Not in the directory of a stack that may be in use.
        StateDirectory state = new StateDirectory(here.state().root().resolve("chaos"));
        Workspace workspace =
                new Workspace(here.installation(), here.settings(), state, here.console());
        long chosen = seed == null ? new SecureRandom().nextInt(1_000_000) : seed;
        Path file = state.root().resolve("report-%d.txt".formatted(chosen));
        Files.createDirectories(state.root());
        try (PrintWriter writer = new PrintWriter(Files.newBufferedWriter(file))) {
            int exitCode = run(workspace, chosen, new Log(workspace, writer));
            workspace.console().line("Report: %s", file);
            return exitCode;
        }
    }

    private int run(Workspace workspace, long chosen, Log log) throws IOException {
        log.plain(
                "Chaos for %d minutes with seed %d: %d rows/s, S3 writer %s"
                        .formatted(minutes, chosen, rate, writer));
        try (Rig rig = Rig.start(workspace, jobOptions(), options -> {}, chosen, log::timed)) {
            log.timed("the pipeline runs: " + rig.stack().flink().rest().address());
            Chaos chaos = new Chaos(rig, chosen, log::timed);
            Report report = chaos.run(Duration.ofMinutes(minutes), rate);
            chaos.summary().forEach(log::plain);
            report.lines().forEach(log::plain);
            chaos.losses(report).ifPresent(log::plain);
            List<String> complaints = chaos.complaints();
            log.plain(
                    complaints.isEmpty()
                            ? "Alive: the job runs, with nothing open and no memory held."
                            : "NOT alive: " + String.join("; ", complaints) + ".");
            return rig.isDelivered(report) && complaints.isEmpty() ? 0 : 1;
        } catch (Failure e) {
            log.plain("Verdict: NOT recovered: " + e.getMessage());
            throw e;
        }
    }

    private List<String> jobOptions() {
        List<String> options = new ArrayList<>(Rig.MANY_SMALL_FILES);
        options.addAll(writer.jobOptions());
        return options;
    }

    /** What happens, on the terminal and in the report. */
    private static final class Log {
        private final Workspace workspace;
        private final PrintWriter report;
        private final long start = System.nanoTime();

        Log(Workspace workspace, PrintWriter report) {
            this.workspace = workspace;
            this.report = report;
        }

        void timed(String what) {
            long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
            plain("  +%d:%02d  %s".formatted(seconds / 60, seconds % 60, what));
        }

        synchronized void plain(String line) {
            workspace.console().line("%s", line);
            report.println(line);
            report.flush();
        }
    }
}
