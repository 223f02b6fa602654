package io.quotelake.job.owner;

import io.quotelake.job.owner.OwnerStore.Stored;
import io.quotelake.s3.S3RefusedException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a table for one run: claims it at the start, claims each round before it is published, and
 * finds out when it belongs to another run. All tasks of a process share one.
 *
 * <p>What this process knows of the object is kept: a claim costs one request as long as nobody
 * else has changed it, and none when another task has made it. What was once claimed stays good for
 * publishing, whoever has taken over since: they have begun with a state that has these files,
 * under the same names.
 */
public final class TableOwner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TableOwner.class);

    /** As long as publishing a file: some 43 s of pauses, with the requests in between. */
    private static final int MAX_RETRIES = 9;

    /** Some 3 s: enough for a key that is being exchanged. */
    private static final int MAX_RETRIES_OF_REFUSED = 4;

    private static final Duration LONGEST_NOTE = Duration.ofSeconds(5);

    /** As many processes of one job may end at once, and each changes the object. */
    private static final int MAX_NOTES = 20;

    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(200);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(10);

    /** Names no version that any store gives. */
    private static final String NO_VERSION = "\"00000000000000000000000000000000\"";

    /** Waits; tests don't. */
    interface Pause {
        void forAtLeast(Duration time) throws InterruptedException;
    }

    /** A change to the object. */
    private interface Step {
        OwnerObject apply(OwnerObject object) throws IOException;
    }

    private record Known(OwnerObject object, String version) {}

    private final Run run;
    private final Claims claims;
    private final OwnerStore store;
    private final Clock clock;
    private final Pause pause;
    private final ReentrantLock turn = new ReentrantLock();

    private final Map<Integer, Long> finished = new TreeMap<>();
    private final Map<Integer, Reached> reached = new ConcurrentHashMap<>();
    private Known known;
    private boolean hasProbed;

    /**
     * @param jobId Flink's id of the job, and
     * @param host where this process runs: both for people who read the object
     */
    public TableOwner(Run run, String jobId, String host, OwnerStore store) {
        this(run, jobId, host, store, Clock.systemUTC(), time -> Thread.sleep(time.toMillis()));
    }

    TableOwner(Run run, String jobId, String host, OwnerStore store, Clock clock, Pause pause) {
        this.run = run;
        this.claims = new Claims(run, jobId, host);
        this.store = store;
        this.clock = clock;
        this.pause = pause;
    }

    /**
     * A task begins with a state. To be called before it writes or publishes anything.
     *
     * @throws io.quotelake.job.task.Refusal if it must not
     */
    public void begin(SavedState from) throws IOException, InterruptedException {
        turn.lockInterruptibly();
        try {
            // What is known may be older than the state.
            known = null;
            boolean isNew = change(object -> begin(object, from));
            if (isNew) {
                say(from);
                probe();
            }
        } finally {
            turn.unlock();
        }
    }

    /**
     * Whether a run without a state may begin, before it is submitted; nothing is changed.
     *
     * @throws io.quotelake.job.task.Refusal if it may not
     */
    public void look() throws IOException {
        begin(read().object, SavedState.NONE);
    }

    private OwnerObject begin(OwnerObject object, SavedState from) throws IOException {
        return object == null
                ? claims.create(from, from.isNone() && store.hasFiles(), now())
                : claims.begin(object, from, now());
    }

    private void say(SavedState from) {
        if (from.isBefore() || from.isUntold()) {
            LOG.info(
                    "Took over the table {}, written by a version that knew no owner: {} names its"
                            + " writer from now on.",
                    run.table(),
                    OwnerPlace.of(run.table()));
        } else {
            LOG.info(
                    "The table {} belongs to this run, {}, which began with {}.",
                    run.table(),
                    run.token(),
                    from.isNone() ? "no state" : "checkpoint " + from.checkpoint());
        }
    }

    /**
     * Whether the store keeps its word: a condition that can't hold is given with what it holds
     * already.
     */
    private void probe() throws InterruptedException {
        if (hasProbed) {
            return;
        }
        hasProbed = true;
        try {
            if (store.isAtomic() && store.write(known.object.toJson(), NO_VERSION) == null) {
                return;
            }
        } catch (IOException e) {
            LOG.info(
                    "Whether the store of the owner object compares is not known: {}",
                    e.toString());
            return;
        }
        known = null;
        LOG.warn(
                "The store of {} does not compare and write in one step (If-Match): a second job that"
                        + " begins at the very same time as this one is found out only afterwards. Start"
                        + " one job for a table at a time.",
                OwnerPlace.of(run.table()));
    }

    /**
     * Files of a finished checkpoint are about to be published. To be called before the first of
     * them is.
     *
     * @throws io.quotelake.job.task.Refusal if they must not be
     */
    public void publish(Stamp files) throws IOException, InterruptedException {
        turn.lockInterruptibly();
        try {
            change(object -> claims.publish(object, files, finished, now()));
        } finally {
            turn.unlock();
        }
    }

    /**
     * Whether files are known to be published, each and whole, so that they need not be again: they
     * may have been moved away since.
     */
    public boolean isFinished(Stamp files) throws IOException, InterruptedException {
        turn.lockInterruptibly();
        try {
            boolean[] answer = new boolean[1];
            change(
                    object -> {
                        answer[0] = object != null && Claims.isFinished(object, files);
                        return object;
                    });
            return answer[0];
        } finally {
            turn.unlock();
        }
    }

    /**
     * All files of a task up to a checkpoint are published. The object learns of it with the next
     * round, or at the end.
     */
    public void finish(int subtask, long checkpoint) throws InterruptedException {
        turn.lockInterruptibly();
        try {
            finished.merge(subtask, checkpoint, Math::max);
        } finally {
            turn.unlock();
        }
    }

    /** A task ends here. The object learns of it when the last task of the process has ended. */
    public void end(Reached task) {
        reached.put(task.subtask(), task);
    }

    /**
     * Changes the object in one step.
     *
     * @return whether it did, and not found that there is nothing to change
     */
    private boolean change(Step step) throws IOException, InterruptedException {
        for (int failures = 0; ; ) {
            try {
                boolean isFresh = known == null;
                if (isFresh) {
                    known = read();
                }
                OwnerObject changed;
                try {
                    changed = step.apply(known.object);
                } catch (RuntimeException e) {
                    if (isFresh) {
                        throw e;
                    }
                    known = null;
                    continue;
                }
                if (changed == known.object) {
                    return false;
                }
                String version = store.write(changed.toJson(), known.version);
                known = version == null ? null : new Known(changed, version);
                if (version != null) {
                    return true;
                }
            } catch (IOException e) {
                // It may have been written all the same: the next look tells.
                known = null;
                failures++;
                boolean isRefused =
                        e instanceof S3RefusedException || e instanceof AccessDeniedException;
                if (failures > (isRefused ? MAX_RETRIES_OF_REFUSED : MAX_RETRIES)) {
                    throw new IOException(
                            String.format(
                                    Locale.ROOT,
                                    "the owner object %s could not be read or written in %d attempts."
                                            + " %s",
                                    OwnerPlace.of(run.table()),
                                    failures,
                                    e.getMessage()),
                            e);
                }
                LOG.warn(
                        "The owner object {} could not be read or written and will be tried again: {}",
                        OwnerPlace.of(run.table()),
                        e.toString());
                pause.forAtLeast(backOff(failures));
            }
        }
    }

    private Known read() throws IOException {
        Stored stored = store.read();
        return stored == null
                ? new Known(null, null)
                : new Known(
                        OwnerObject.fromJson(stored.content(), OwnerPlace.of(run.table())),
                        stored.version());
    }

    private static Duration backOff(int failures) {
        Duration backOff = FIRST_BACK_OFF.multipliedBy(1L << (failures - 1));
        return backOff.compareTo(LONGEST_BACK_OFF) < 0 ? backOff : LONGEST_BACK_OFF;
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /**
     * Notes what is finished and how far the tasks have come, if the store answers soon, and ends.
     * A job that was stopped is then resumed without publishing its last files again. A task that
     * is cancelled is interrupted, and this one change is tried all the same: hence the thread.
     */
    @Override
    public void close() {
        if (hasNothingToNote()) {
            store.close();
            return;
        }
        boolean isInterrupted = Thread.interrupted();
        Thread note = new Thread(this::noteFinished, "note-published-files");
        note.setDaemon(true);
        note.start();
        try {
            note.join(LONGEST_NOTE.toMillis());
        } catch (InterruptedException e) {
            isInterrupted = true;
        }
        note.interrupt();
        store.close();
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean hasNothingToNote() {
        return finished.isEmpty() && reached.isEmpty();
    }

    void noteFinished() {
        if (hasNothingToNote()) {
            return;
        }
        try {
            for (int attempt = 0; attempt < MAX_NOTES; attempt++) {
                if (known == null) {
                    known = read();
                }
                OwnerObject changed = claims.finish(known.object, finished, reached.values());
                if (changed == known.object
                        || store.write(changed.toJson(), known.version) != null) {
                    return;
                }
                known = null;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOG.info("The last files will be published again at the resumption: {}", e.toString());
        }
    }
}
