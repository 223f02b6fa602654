package io.quotelake.job.owner;

import io.quotelake.job.owner.OwnerObject.Resumable;
import io.quotelake.job.owner.OwnerObject.Writer;
import java.util.Locale;

/** What the owner object refuses, as one sentence each: what came, and the ways out. */
final class Refusals {

    private static final String ELSEWHERE =
            "give another --output, with a --group-id and --start-from of its own";

    private Refusals() {}

    static String noStateOnOldTable(Run run) {
        return String.format(
                Locale.ROOT,
                "%s holds files already, and this run begins without a checkpoint or savepoint: it"
                        + " would write their rows again. Resume the job that wrote them (./quotelake"
                        + " submit --resume, flink run -s STATE), or %s; --append writes into the"
                        + " table all the same.",
                run.table(),
                ELSEWHERE);
    }

    static String noState(Run run, Writer writer) {
        return String.format(
                Locale.ROOT,
                "%s is the table of %s, and this run begins without a checkpoint or savepoint: it"
                        + " would write rows again. Resume that job (./quotelake submit --resume,"
                        + " flink run -s STATE), or %s; --append writes into the table all the same.%s",
                run.table(),
                who(writer),
                ELSEWHERE,
                orDelete(run));
    }

    static String olderState(Run run, SavedState from, Writer writer) {
        return String.format(
                Locale.ROOT,
                "the state to resume (%s) is not the newest of %s, the table of %s: rows that are"
                        + " published already would be written again. Resume %s, or %s.%s",
                name(from),
                run.table(),
                who(writer),
                newest(writer),
                ELSEWHERE,
                orDelete(run));
    }

    static String otherWriter(Run run, Writer writer) {
        return String.format(
                Locale.ROOT,
                "%s belongs to another run now, to %s: this one publishes nothing more. Stop that job"
                        + " and resume %s if this one is to write the table, or %s.%s",
                run.table(),
                who(writer),
                newest(writer),
                ELSEWHERE,
                orDelete(run));
    }

    static String otherGranularity(Run run, String before) {
        return String.format(
                Locale.ROOT,
                "--date-granularity %s is not that of %s, whose folders hold a %s each: rows of one"
                        + " day would stand in two kinds of folder. Resume with --date-granularity %s,"
                        + " or replay with --start-from into another --output with a --group-id of its"
                        + " own.",
                run.dateGranularity(),
                run.table(),
                before,
                before);
    }

    static String otherTable(Run run, String before) {
        return String.format(
                Locale.ROOT,
                "--output %s is not the table of the state to resume, which is %s: what the state has"
                        + " begun belongs there. Resume with --output %s, or replay with --start-from"
                        + " into %s with a --group-id of its own, without the state.",
                run.table(),
                before,
                before,
                run.table());
    }

    private static String who(Writer writer) {
        if (writer.run() == null) {
            return "a job of an earlier version";
        }
        return String.format(
                Locale.ROOT,
                "job %s (run %s, on %s since %s, %s)",
                writer.jobId(),
                writer.run(),
                writer.host(),
                writer.since(),
                writer.published() == 0
                        ? "nothing published yet"
                        : "published up to checkpoint " + writer.published());
    }

    private static String newest(Writer writer) {
        long least =
                writer.run() == null
                        ? 0
                        : writer.find(writer.run()).map(Resumable::checkpoint).orElse(0L);
        return least == 0
                ? "its newest checkpoint or savepoint"
                : "its checkpoint or savepoint " + least + " or a later one";
    }

    private static String name(SavedState from) {
        String checkpoint = "checkpoint or savepoint " + from.checkpoint();
        if (from.isNone()) {
            return "none: the start";
        }
        return from.isBefore() || from.isUntold()
                ? checkpoint + " of an earlier version"
                : checkpoint + " of run " + from.run();
    }

    private static String orDelete(Run run) {
        return String.format(
                Locale.ROOT,
                " Only if you are sure that nothing else writes the table: delete %s.",
                OwnerPlace.of(run.table()));
    }
}
