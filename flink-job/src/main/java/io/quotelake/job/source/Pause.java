package io.quotelake.job.source;

import java.time.Duration;
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
     * What a failed task held counts until it is collected, and a paused task makes nothing that
     * would start a collection.
     */
    private static final int LOOKS_PER_COLLECTION = 50;

    private final PausableSource.Reason reason;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(Pause::newThread);
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
        String why = reason.get();
        if (why == null) {
            return false;
        }
        LOG.warn("Reading pauses until the next checkpoint has published part files. {}", why);
        end = new CompletableFuture<>();
        lookLater(1);
        return true;
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
        if (reason.get() == null) {
            LOG.info("Reading goes on after {} ms.", BETWEEN_LOOKS.multipliedBy(number).toMillis());
            end.complete(null);
            return;
        }
        if (number % LOOKS_PER_COLLECTION == 0) {
            System.gc();
        }
        lookLater(number + 1);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
