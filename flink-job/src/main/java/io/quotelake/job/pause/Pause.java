package io.quotelake.job.pause;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins when there is a reason, and ends by itself when there is none any more. */
final class Pause implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Pause.class);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    /**
     * A checkpoint that was under way when the pause began ends none of the files that it began
     * for, and the next one does: one more than those two.
     */
    private static final int MAX_CHECKPOINTS_IN_VAIN = 2;

    private final PausableSource.Reason reason;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(Pause::newThread);
    private long amount;
    private int checkpointsInVain;
    private volatile CompletableFuture<Void> end = CompletableFuture.completedFuture(null);

    Pause(PausableSource.Reason reason) {
        this.reason = reason;
    }

    private static Thread newThread(Runnable work) {
        Thread thread = new Thread(work, "reading-pauses");
        thread.setDaemon(true);
        return thread;
    }

    boolean isOn() {
        return !end.isDone();
    }

    /** Done unless a pause is on. */
    CompletableFuture<Void> end() {
        return end;
    }

    /** Called by the task's thread, and not during a pause. */
    boolean beginIfThereIsReason() {
        String why = reason.sentence();
        if (why == null) {
            return false;
        }
        LOG.warn("Reading pauses until the next checkpoint has published part files. {}", why);
        amount = reason.amount();
        checkpointsInVain = 0;
        end = new CompletableFuture<>();
        lookLater(1);
        return true;
    }

    /**
     * Called by the task's thread: a pause that checkpoints don't end must not last.
     *
     * @throws IOException if nothing became less over several checkpoints
     */
    void checkpointCompleted() throws IOException {
        String why = isOn() ? reason.sentence() : null;
        if (why == null) {
            return;
        }
        long left = reason.amount();
        checkpointsInVain = left < amount ? 0 : checkpointsInVain + 1;
        amount = left;
        if (checkpointsInVain > MAX_CHECKPOINTS_IN_VAIN) {
            throw new IOException(
                    String.format(
                            Locale.ROOT,
                            "Reading has paused over %d completed checkpoints that freed nothing: the"
                                    + " job starts again from the last one. %s",
                            checkpointsInVain,
                            why));
        }
    }

    private void lookLater(int number) {
        thread.schedule(() -> look(number), BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whatever goes wrong here ends the pause: the task's thread looks again, and may fail. */
    private void look(int number) {
        try {
            endUnlessThereIsReason(number);
        } catch (RuntimeException | Error e) {
            LOG.error("Reading goes on: the look for a reason to pause has failed.", e);
            end.complete(null);
        }
    }

    private void endUnlessThereIsReason(int number) {
        if (reason.sentence() == null) {
            LOG.info("Reading goes on after {} ms.", BETWEEN_LOOKS.multipliedBy(number).toMillis());
            end.complete(null);
            return;
        }
        lookLater(number + 1);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
