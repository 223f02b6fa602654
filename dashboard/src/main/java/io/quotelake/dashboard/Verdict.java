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
    record Finding(Level level, String text, String remedy, String chapter) {}

    /**
     * Judges.
     *
     * @param resume the command that starts a stopped job again
     */
    static Verdict of(
            long now, State.Kafka kafka, State.Flink flink, State.Lake lake, String resume) {
        List<Finding> findings = new ArrayList<>();
        bad(findings, kafka.problem(), "QuotelakePartDown");
        bad(findings, flink.problem(), "QuotelakePartDown");
        bad(findings, lake.problem(), "QuotelakeS3Errors");
        if (Boolean.FALSE.equals(lake.exactlyOnce())) {
            findings.add(
                    new Finding(
                            Level.BAD,
                            "The lake has a record more than once",
                            "./quotelake verify",
                            "The table belongs to one job"));
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
                            "QuotelakeDeadLetters"));
        }
        findings.sort(Comparator.comparing(Finding::level).reversed());
        Level level = findings.isEmpty() ? Level.GOOD : findings.get(0).level();
        return new Verdict(level, text(level, findings, flink, lake), findings);
    }

    private static void jobs(
            List<Finding> findings, long now, FlinkWatch.Cluster cluster, String resume) {
        if (cluster.jobs().isEmpty()) {
            findings.add(
                    new Finding(Level.NOTE, "No job has run yet", "./quotelake submit", "Deploy"));
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
                            "Stop, upgrade, resume"));
            return;
        }
        if (STARTING.contains(job.state())) {
            findings.add(new Finding(Level.NOTE, "The job is being started", "", "Deploy"));
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
                            "QuotelakeJobNotRunning"));
            return;
        }
        long last = job.checkpoint() == null ? job.started() : job.checkpoint().completed();
        long late = LATE_CHECKPOINTS * job.checkpointEvery();
        if (job.checkpointEvery() > 0 && now - last > Math.max(late, 10_000)) {
            findings.add(
                    new Finding(
                            Level.BAD,
                            "No checkpoint for %,d s: nothing is published meanwhile"
                                    .formatted((now - last) / 1_000),
                            "",
                            "QuotelakeCheckpointsStopped"));
        }
        if (job.readingPaused()) {
            findings.add(
                    new Finding(
                            Level.NOTE,
                            "Reading pauses until the next checkpoint: open files fill their memory",
                            "",
                            "QuotelakeBufferNearlyFull"));
        }
        if (job.restarts() > 0) {
            findings.add(
                    new Finding(
                            Level.NOTE,
                            "The job was restarted "
                                    + count(job.restarts(), "time")
                                    + " since it was submitted",
                            "",
                            "QuotelakeJobRestarted"));
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

    private static void bad(List<Finding> findings, String problem, String chapter) {
        if (problem != null) {
            findings.add(new Finding(Level.BAD, problem, "", chapter));
        }
    }

    private static String count(long number, String what) {
        return "%,d %s%s".formatted(number, what, number == 1 ? "" : "s");
    }
}
