package io.quotelake.s3;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that upload parts, for all files of the process. They outlive jobs, so they must not
 * hold what a new thread takes over from the thread that starts it: a job's class loader as context
 * class loader, its access control context and its inheritable thread locals.
 */
final class UploadThreads {
    /**
     * Parts on their way at once, over all files; enough to fill a 10 Gbit/s line with parts of 5
     * MiB.
     */
    private static final int MAX_THREADS = 32;

    private static final AtomicInteger STARTED = new AtomicInteger();

    private UploadThreads() {}

    static final Executor POOL = newPool();

    private static Executor newPool() {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        MAX_THREADS,
                        MAX_THREADS,
                        60,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        UploadThreads::newThread);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    @SuppressWarnings("removal")
    private static Thread newThread(Runnable work) {
        return AccessController.doPrivileged(
                (PrivilegedAction<Thread>)
                        () -> {
                            String name = "quotelake-s3-upload-" + STARTED.incrementAndGet();
                            Thread thread = new Thread(null, work, name, 0, false);
                            thread.setContextClassLoader(UploadThreads.class.getClassLoader());
                            thread.setDaemon(true);
                            return thread;
                        });
    }
}
