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
 * Starts a service again when it dies, as an init system does on a real host. A service that keeps
 * dying ends the supervision.
 */
public final class Supervisor implements AutoCloseable {
    /** More deaths than this within {@link #WINDOW} are no accident. */
    private static final int MAX_DEATHS = 5;

    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final ExecutorService restarts = Executors.newCachedThreadPool(Supervisor::daemon);
    private final CompletableFuture<Void> gaveUp = new CompletableFuture<>();
    private final Listener listener;
    private volatile boolean closed;

    /** Watches the services from now on. */
    public Supervisor(List<Service> services, Listener listener) {
        this.listener = listener;
        services.forEach(service -> watch(service, new ArrayDeque<>()));
    }

    /** What happened to a service. */
    public interface Listener {
        /** The service died; it is going to be started again. */
        void died(Service service, int exitCode);

        /** The service answers again. */
        void restarted(Service service);
    }

    /** Completes exceptionally, with a {@link Failure}, when a service can't be kept alive. */
    public CompletableFuture<Void> gaveUp() {
        return gaveUp;
    }

    /** Restarts nothing any more. */
    @Override
    public void close() {
        closed = true;
        restarts.shutdownNow();
    }

    private void watch(Service service, Deque<Long> deaths) {
        service.process()
                .onExit()
                .thenAcceptAsync(exitCode -> ended(service, exitCode, deaths), restarts);
    }

    private void ended(Service service, int exitCode, Deque<Long> deaths) {
        if (closed || service.isClosed()) {
            return;
        }
        try {
            listener.died(service, exitCode);
            long now = System.nanoTime();
            deaths.addLast(now);
            deaths.removeIf(death -> now - death > WINDOW.toNanos());
            if (deaths.size() > MAX_DEATHS) {
                throw Failure.atRunTime(
                        service.name()
                                + " died "
                                + deaths.size()
                                + " times within a minute. Its log: "
                                + service.output());
            }
            service.start();
            watch(service, deaths);
            listener.restarted(service);
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
