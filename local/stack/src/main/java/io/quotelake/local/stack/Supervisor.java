package io.quotelake.local.stack;

import io.quotelake.terminal.Failure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Starts a part again when it dies, as an init system does on a real host. A part that keeps dying
 * ends the supervision.
 */
public final class Supervisor implements AutoCloseable {
    /** More deaths than this within {@link #WINDOW} are no accident. */
    private static final int MAX_DEATHS = 5;

    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final ExecutorService restarts = Executors.newCachedThreadPool(Supervisor::daemon);
    private final CompletableFuture<Void> gaveUp = new CompletableFuture<>();
    private final Listener listener;
    private volatile boolean closed;

    /** Watches the parts from now on. */
    public Supervisor(List<Part> parts, Listener listener) {
        this.listener = listener;
        parts.forEach(part -> watch(part, new ArrayDeque<>()));
    }

    /** What happened to a part. */
    public interface Listener {
        /** The part died; it is going to be started again. */
        void died(Part part, int exitCode);

        /** The part answers again. */
        void restarted(Part part);
    }

    /** Completes exceptionally, with a {@link Failure}, when a part can't be kept alive. */
    public CompletableFuture<Void> gaveUp() {
        return gaveUp;
    }

    /** Restarts nothing any more. */
    @Override
    public void close() {
        closed = true;
        restarts.shutdownNow();
    }

    private void watch(Part part, Deque<Long> deaths) {
        part.process()
                .onExit()
                .thenAcceptAsync(exitCode -> ended(part, exitCode, deaths), restarts);
    }

    private void ended(Part part, int exitCode, Deque<Long> deaths) {
        if (closed || part.isClosed()) {
            return;
        }
        try {
            listener.died(part, exitCode);
            long now = System.nanoTime();
            deaths.addLast(now);
            deaths.removeIf(death -> now - death > WINDOW.toNanos());
            if (deaths.size() > MAX_DEATHS) {
                throw Failure.atRunTime(
                        part.name()
                                + " died "
                                + deaths.size()
                                + " times within a minute. Its log: "
                                + part.output());
            }
            part.start();
            watch(part, deaths);
            listener.restarted(part);
        } catch (RuntimeException e) {
            if (!closed) {
                gaveUp.completeExceptionally(e);
            }
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "supervisor");
        thread.setDaemon(true);
        return thread;
    }
}
