package io.quotelake.dashboard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Says in a line how the pipeline is, and what is to be done, in the words of the runbook.
 *
 * @param level the worst of the findings, or {@code GOOD}
 * @param text one line
 * @param findings the worst first
 */
record Verdict(Level level, String text, List<Finding> findings) {
    /** Checkpoints may be late by this much, as for the alert QuotelakeCheckpointsStopped. */
    private static final int LATE_CHECKPOINTS = 6;

    /** From its submission a job waits for slots, reads its state and warms up. */
    private static final long START_MILLIS = 60_000;

    private static final Set<String> STARTING = Set.of("INITIALIZING", "CREATED");

    /** The words by which people judge, from best to worst. */
    enum Level {
        GOOD,
        NOTE,
        BAD
    }

    /**
     * Something to know.
     *
     * @param text a sentence
     * @param remedy a command or a sentence; empty if the runbook says it
     * @param chapter of the runbook
     */
    record Finding(Level level, String text, String remedy, String chapter) {
        private Finding(Level level, String text, String remedy, Chapter chapter) {
            this(level, text, remedy, chapter.title);
        }
    }

    /** The chapters of docs/operations.md that the page leads to. */
    enum Chapter {
        BUFFER_NEARLY_FULL("QuotelakeBufferNearlyFull"),
        CHECKPOINTS_STOPPED("QuotelakeCheckpointsStopped"),
        DEAD_LETTERS("QuotelakeDeadLetters"),
        DEPLOY("Deploy"),
        JOB_NOT_RUNNING("QuotelakeJobNotRunning"),
        JOB_RESTARTED("QuotelakeJobRestarted"),
        ONE_JOB("The table belongs to one job"),
        PART_DOWN("QuotelakePartDown"),
        RESUME("Stop, upgrade, resume"),
        S3_ERRORS("QuotelakeS3Errors");

        private final String title;

        Chapter(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /**
     * Judges.
     *
     * @param resume the command that starts a stopped job again
     */
    static Verdict of(
            long now, State.Kafka kafka, State.Flink flink, State.Lake lake, String resume) {
        List<Finding> findings = new ArrayList<>();
        bad(findings, kafka.problem(), Chapter.PART_DOWN);
        bad(findings, flink.problem(), Chapter.PART_DOWN);
        bad(findings, lake.problem(), Chapter.S3_ERRORS);
        if (Boolean.FALSE.equals(lake.exactlyOnce())) {
            findings.add(
                    new Finding(
                            Level.BAD,
                            "The lake has a record more than once",
                            "./quotelake verify",
                            Chapter.ONE_JOB));
        }
        if (flink.cluster() != null) {
            jobs(findings, now, flink.cluster(), resume);
        }
        long letters =
                kafka.topics() == null
                        ? 0
                        : kafka.topics().deadLetters().values().stream()
                                .mapToLong(Long::longValue)
                                .sum();
        if (letters > 0) {
            findings.add(
                    new Finding(
                            Level.NOTE,
                            count(letters, "record") + " in the topic could not become a row",
                            "./quotelake dead-letters",
                            Chapter.DEAD_LETTERS));
        }
        findings.sort(Comparator.comparing(Finding::level).reversed());
        Level level = findings.isEmpty() ? Level.GOOD : findings.get(0).level();
        return new Verdict(level, text(level, findings, flink, lake), findings);
    }

    private static void jobs(
            List<Finding> findings, long now, FlinkWatch.Cluster cluster, String resume) {
        if (cluster.jobs().isEmpty()) {
            findings.add(
                    new Finding(
                            Level.NOTE,
                            "No job has run yet",
                            "./quotelake submit",
                            Chapter.DEPLOY));
        }
        for (FlinkWatch.Job job : cluster.jobs()) {
            job(findings, now, job, resume);
        }
    }

    private static void job(List<Finding> findings, long now, FlinkWatch.Job job, String resume) {
        if (job.state().equals("FINISHED")) {
            findings.add(
                    new Finding(
                            Level.NOTE,
                            "The job has finished: rows that come now are not read",
                            "./quotelake submit",
                            Chapter.RESUME));
            return;
        }
        if (STARTING.contains(job.state())) {
            findings.add(new Finding(Level.NOTE, "The job is being started", "", Chapter.DEPLOY));
            return;
        }
        if (!job.isRunning()) {
            findings.add(
                    new Finding(
                            Level.BAD,
                            "The job does not run: it is "
                                    + job.state().toLowerCase(Locale.ROOT)
                                    + ". Quotes stay in Kafka meanwhile",
                            job.hasEnded() ? resume : "",
                            Chapter.JOB_NOT_RUNNING));
            return;
        }
        boolean first = job.checkpoint() == null;
        long last = first ? job.started() : job.checkpoint().completed();
        long late =
                Math.max(LATE_CHECKPOINTS * job.checkpointEvery(), 10_000)
                        + (first ? START_MILLIS : 0);
        if (job.checkpointEvery() > 0 && now - last > late) {
            findings.add(
                    new Finding(
                            Level.BAD,
                            "No checkpoint for %,d s%s: nothing is published meanwhile"
                                    .formatted(
                                            (now - last) / 1_000,
                                            first ? ", since the job was submitted" : ""),
                            "",
                            Chapter.CHECKPOINTS_STOPPED));
        }
        if (job.readingPaused()) {
            findings.add(
                    new Finding(
                            Level.NOTE,
                            "Reading pauses until the next checkpoint: open files fill their memory",
                            "",
                            Chapter.BUFFER_NEARLY_FULL));
        }
        if (job.restarts() > 0) {
            findings.add(
                    new Finding(
                            Level.NOTE,
                            "The job was restarted "
                                    + count(job.restarts(), "time")
                                    + " since it was submitted",
                            "",
                            Chapter.JOB_RESTARTED));
        }
    }

    private static String text(
            Level level, List<Finding> findings, State.Flink flink, State.Lake lake) {
        if (level == Level.BAD) {
            return findings.get(0).text();
        }
        boolean runs =
                flink.cluster() != null
                        && flink.cluster().jobs().stream().anyMatch(FlinkWatch.Job::isRunning);
        if (runs && Long.valueOf(0).equals(lake.quotes())) {
            return "Running; no row yet";
        }
        if (runs) {
            return Boolean.TRUE.equals(lake.exactlyOnce())
                    ? "Running; each row is one record of the topic"
                    : "Running";
        }
        if (!findings.isEmpty()) {
            return findings.get(0).text();
        }
        return flink.address() == null
                ? "The lake as it is; no pipeline is watched"
                : "Asking Flink how the job is";
    }

    private static void bad(List<Finding> findings, String problem, Chapter chapter) {
        if (problem != null) {
            findings.add(new Finding(Level.BAD, problem, "", chapter));
        }
    }

    private static String count(long number, String what) {
        return "%,d %s%s".formatted(number, what, number == 1 ? "" : "s");
    }
}
