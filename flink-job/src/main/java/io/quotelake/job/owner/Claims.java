package io.quotelake.job.owner;

import io.quotelake.job.owner.OwnerObject.Resumable;
import io.quotelake.job.owner.OwnerObject.Writer;
import io.quotelake.job.task.Refusal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The rules of the owner object: what it becomes when a run begins, publishes or has published, or
 * why that must not be. No request is made here.
 *
 * <p>One thing holds all the time: each state that the object calls resumable contains all that is
 * published, or publishes it again under the same names. A run begins only with such a state, and
 * makes its own states resumable beside it. Before it publishes the first file of a round, it
 * leaves only those that contain the round.
 */
final class Claims {

    /** Runs that begin one after the other, and publish nothing, are remembered up to this many. */
    private static final int MAX_RESUMABLE = 32;

    private final Run run;
    private final String jobId;
    private final String host;

    Claims(Run run, String jobId, String host) {
        this.run = run;
        this.jobId = jobId;
        this.host = host;
    }

    /**
     * A task of the run begins where there is no object yet.
     *
     * @param hasFiles whether the table's prefix holds any
     * @return null to wait for a task that knows more
     */
    OwnerObject create(SavedState from, boolean hasFiles, String now) {
        if (from.isUntold()) {
            return null;
        }
        if (from.isNone() && hasFiles && !run.append()) {
            throw new Refusal(Refusals.noStateOnOldTable(run));
        }
        List<Writer> writers = new ArrayList<>();
        if (from.isNone() && hasFiles) {
            Resumable before = new Resumable(SavedState.before(0).run(), 0);
            writers.add(
                    new Writer(
                            null,
                            null,
                            null,
                            null,
                            null,
                            now,
                            0,
                            null,
                            List.of(before),
                            List.of()));
        }
        writers.add(writer(from.checkpoint(), now, List.of(own(0), resumable(from))));
        return OwnerObject.of(run, writers);
    }

    /**
     * A task of the run begins.
     *
     * @return the object itself if it need not change
     * @throws Refusal if it must not begin
     */
    OwnerObject begin(OwnerObject object, SavedState from, String now) {
        if (!object.dateGranularity().equals(run.dateGranularity())) {
            throw new Refusal(Refusals.otherGranularity(run, object.dateGranularity()));
        }
        Optional<Writer> mine = object.writer(run.token());
        if (mine.isPresent()) {
            if (from.isUntold() || mine.get().accepts(from)) {
                return object;
            }
            throw new Refusal(Refusals.olderState(run, from, mine.get()));
        }
        checkNotDeposed(object);
        if (from.isNone()) {
            return beginAnew(object, now);
        }
        SavedState told = from.isUntold() ? SavedState.before(from.checkpoint()) : from;
        for (Writer writer : object.writers()) {
            if (writer.accepts(told)) {
                return takeOver(object, writer, told, now);
            }
        }
        if (from.isUntold()) {
            return object;
        }
        if (from.run().equals(run.token())) {
            throw new Refusal(Refusals.otherWriter(run, closest(object, from)));
        }
        throw new Refusal(Refusals.olderState(run, from, closest(object, from)));
    }

    private OwnerObject beginAnew(OwnerObject object, String now) {
        if (run.append()) {
            return object.and(writer(0, now, List.of(own(0), resumable(SavedState.NONE))));
        }
        Writer only = object.writers().get(0);
        if (object.writers().size() > 1 || !only.accepts(SavedState.NONE)) {
            throw new Refusal(Refusals.noState(run, only));
        }
        return takeOver(object, only, SavedState.NONE, now);
    }

    /** The state that was used stays at the front: it must outlast any number of such starts. */
    private OwnerObject takeOver(OwnerObject object, Writer writer, SavedState from, String now) {
        Resumable used = writer.find(from.run()).orElseThrow();
        List<Resumable> states = new ArrayList<>(List.of(own(0), used));
        writer.resumable().stream().filter(state -> state != used).forEach(states::add);
        List<Resumable> kept = states.subList(0, Math.min(states.size(), MAX_RESUMABLE));
        Writer taken =
                new Writer(
                        run.token(),
                        run.topic(),
                        run.topicId(),
                        jobId,
                        host,
                        now,
                        writer.published(),
                        writer.publishedAt(),
                        kept,
                        writer.reached());
        return object.with(writer, taken);
    }

    /**
     * The run is about to publish files.
     *
     * @param object null if there is none: deleted, or no task knew enough to create one
     * @return the object itself if it need not change
     * @throws Refusal if it must not publish
     */
    OwnerObject publish(OwnerObject object, Stamp files, Map<Integer, Long> finished, String now) {
        boolean isOwn = files.run().equals(run.token());
        Resumable claimed = new Resumable(files.run(), files.checkpoint());
        if (object == null) {
            List<Resumable> states =
                    isOwn ? List.of(claimed.with(finished)) : List.of(own(0), claimed);
            return OwnerObject.of(run, List.of(writer(files.checkpoint(), now, states)));
        }
        Writer mine = object.writer(run.token()).orElse(null);
        if (mine == null) {
            checkNotDeposed(object);
            throw new Refusal(Refusals.otherWriter(run, object.writers().get(0)));
        }
        Resumable known =
                mine.find(files.run())
                        .orElseThrow(
                                () ->
                                        new Refusal(
                                                Refusals.olderState(
                                                        run,
                                                        new SavedState(
                                                                files.run(), files.checkpoint()),
                                                        mine)));
        if (known.checkpoint() >= files.checkpoint()) {
            return object;
        }
        Resumable raised = new Resumable(known.run(), files.checkpoint(), known.finished());
        List<Resumable> states = isOwn ? List.of(raised.with(finished)) : List.of(own(0), raised);
        return object.with(mine, mine.publishing(files.checkpoint(), now, states));
    }

    /**
     * Files of the run are published, each and whole, and tasks have ended.
     *
     * @return the object itself if there is nothing to note
     */
    OwnerObject finish(
            OwnerObject object, Map<Integer, Long> finished, Collection<Reached> reached) {
        if (object == null) {
            return null;
        }
        Writer mine = object.writer(run.token()).orElse(null);
        Resumable own = mine == null ? null : mine.find(run.token()).orElse(null);
        if (own == null) {
            return object;
        }
        List<Resumable> states = new ArrayList<>(mine.resumable());
        states.set(states.indexOf(own), own.with(finished));
        Writer noted = mine.with(states, merged(mine.reached(), reached));
        return noted.equals(mine) ? object : object.with(mine, noted);
    }

    /** Each task's last word; those of another parallelism are of another time. */
    private static List<Reached> merged(List<Reached> before, Collection<Reached> now) {
        Map<Integer, Reached> tasks = new TreeMap<>();
        before.forEach(task -> tasks.put(task.subtask(), task));
        for (Reached task : now) {
            tasks.values().removeIf(other -> other.parallelism() != task.parallelism());
            tasks.put(task.subtask(), task);
        }
        return List.copyOf(tasks.values());
    }

    /** Whether files are known to be published, so that they need not be again. */
    static boolean isFinished(OwnerObject object, Stamp files) {
        return object.writers().stream()
                .flatMap(writer -> writer.find(files.run()).stream())
                .anyMatch(state -> reaches(state, files));
    }

    private static boolean reaches(Resumable state, Stamp files) {
        Long finished = state.finished().get(files.subtask());
        return finished != null && finished >= files.checkpoint();
    }

    /** Who was deposed must not come back: two runs would take the table from each other. */
    private void checkNotDeposed(OwnerObject object) {
        for (Writer writer : object.writers()) {
            if (writer.find(run.token()).isPresent()) {
                throw new Refusal(Refusals.otherWriter(run, writer));
            }
        }
    }

    private static Writer closest(OwnerObject object, SavedState from) {
        for (Writer writer : object.writers()) {
            if (writer.find(from.run()).isPresent()) {
                return writer;
            }
        }
        return object.writers().get(0);
    }

    private Writer writer(long published, String now, List<Resumable> states) {
        return new Writer(
                run.token(),
                run.topic(),
                run.topicId(),
                jobId,
                host,
                now,
                published,
                published == 0 ? null : now,
                states,
                List.of());
    }

    private Resumable own(long checkpoint) {
        return new Resumable(run.token(), checkpoint);
    }

    private static Resumable resumable(SavedState state) {
        return new Resumable(state.run(), state.checkpoint());
    }
}
