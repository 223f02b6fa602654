package io.quotelake.s3;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The account of memory that part files hold: bytes of open files, of parts on their way to S3, and
 * of finished files that wait for their commit. There is one account for a process, because all
 * slots share one heap.
 */
final class PartFileMemory {
    static final PartFileMemory PROCESS = new PartFileMemory(defaultMaxBytes());

    /**
     * What a file counts beside its bytes, for the objects of FileSink's bucket, of the part file's
     * writer and path, and of this plugin: some 2 KiB in truth, and more while a checkpoint is
     * taken.
     */
    static final int OVERHEAD_BYTES = 720;

    /**
     * Files up to this size count their bytes twice. With the others they are published by one
     * PutObject each, until which Flink's committer keeps them in its state: as one array, of which
     * it makes some six copies while it takes a checkpoint. A quarter of the heap in this account
     * is at most three quarters of it in truth.
     */
    static final int SMALL_BYTES = 1024 * 1024;

    private static final Cleaner CLEANER = Cleaner.create();

    /** Longest wait for the bytes of unreachable files after a collection. */
    private static final long COLLECTION_MILLIS = 500;

    private static final long RECHECK_MILLIS = 100;

    private final AtomicLong heldBytes = new AtomicLong();
    private final AtomicLong uncommittedBytes = new AtomicLong();
    private final AtomicLong uploadsStarted = new AtomicLong();
    private final AtomicLong uploadsEnded = new AtomicLong();
    private final AtomicLong openFiles = new AtomicLong();
    private final Object released = new Object();
    private volatile int waiting;
    private volatile long maxBytes;

    PartFileMemory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * A quarter of the heap: Flink holds three to four copies of open files while it takes a
     * checkpoint.
     */
    static long defaultMaxBytes() {
        return Runtime.getRuntime().maxMemory() / 4;
    }

    /**
     * What {@code bytes} of an open file count, small as it may be.
     *
     * @param unpacked how many of them will be much fewer when the file is finished
     */
    static long weightOpen(int bytes, int unpacked) {
        return (long) bytes + Math.min(bytes - unpacked, SMALL_BYTES);
    }

    /** What a finished file of {@code bytes} counts until its commit, all in all. */
    static long weightFinished(int bytes) {
        return OVERHEAD_BYTES + 2L * bytes;
    }

    void setMaxBytes(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    long maxBytes() {
        return maxBytes;
    }

    long heldBytes() {
        return heldBytes.get();
    }

    long openFiles() {
        return openFiles.get();
    }

    void fileOpened() {
        openFiles.incrementAndGet();
    }

    void fileClosed() {
        openFiles.decrementAndGet();
    }

    /** Takes {@code bytes} into the account if they fit below the bound. */
    boolean tryHold(long bytes) {
        if (heldBytes.addAndGet(bytes) <= maxBytes) {
            return true;
        }
        release(bytes);
        return false;
    }

    /** Takes bytes into the account that exist already, such as those of a restored file. */
    void hold(long bytes) {
        heldBytes.addAndGet(bytes);
    }

    void release(long bytes) {
        heldBytes.addAndGet(-bytes);
        if (waiting > 0) {
            synchronized (released) {
                released.notifyAll();
            }
        }
    }

    /**
     * Bytes of files take more than half of the bound: files should hold them packed, and end with
     * the next checkpoint. What open files count beside their bytes is left out, because many files
     * of a row each can do neither: the former in vain, the latter too soon.
     */
    boolean isFilling() {
        return heldBytes.get() - OVERHEAD_BYTES * openFiles.get() > maxBytes / 2;
    }

    /**
     * More than three quarters of the bound are in use: files that hold a whole part should upload
     * it, and nothing should be read that can wait.
     */
    boolean isScarce() {
        return heldBytes.get() > maxBytes / 4 * 3;
    }

    /**
     * Keeps {@code bytes} in the account, which already counts them, until the file is committed or
     * its handle is no longer reachable: a task that fails drops its uncommitted files without a
     * word.
     */
    Uncommitted holdUntilCommitted(Object handle, long bytes) {
        uncommittedBytes.addAndGet(bytes);
        return new Uncommitted(
                CLEANER.register(
                        handle,
                        () -> {
                            uncommittedBytes.addAndGet(-bytes);
                            release(bytes);
                        }));
    }

    void uploadStarted() {
        uploadsStarted.incrementAndGet();
    }

    void uploadEnded(long bytes) {
        uploadsEnded.incrementAndGet();
        release(bytes);
    }

    /**
     * Holds {@code bytes} as soon as the part uploads that are under way now have ended, which they
     * do whatever a checkpoint waits for; then once more after a collection, which frees the
     * handles of failed tasks.
     *
     * @return false if the bytes don't fit even then
     */
    boolean holdWhenUploadsEnd(long bytes) throws InterruptedException {
        long lastUpload = uploadsStarted.get();
        synchronized (released) {
            waiting++;
            try {
                while (uploadsEnded.get() < lastUpload) {
                    if (tryHoldWhileWaiting(bytes)) {
                        return true;
                    }
                    released.wait(RECHECK_MILLIS);
                }
                if (tryHoldWhileWaiting(bytes)) {
                    return true;
                }
                return uncommittedBytes.get() > 0 && holdAfterCollection(bytes);
            } finally {
                waiting--;
            }
        }
    }

    private boolean holdAfterCollection(long bytes) throws InterruptedException {
        System.gc();
        long deadline = System.nanoTime() + COLLECTION_MILLIS * 1_000_000;
        while (System.nanoTime() < deadline) {
            if (tryHoldWhileWaiting(bytes)) {
                return true;
            }
            released.wait(RECHECK_MILLIS);
        }
        return tryHoldWhileWaiting(bytes);
    }

    private boolean tryHoldWhileWaiting(long bytes) {
        if (heldBytes.get() + bytes > maxBytes) {
            return false;
        }
        return tryHold(bytes);
    }

    /** Bytes of one finished file that count until its commit. */
    static final class Uncommitted {
        private final Cleaner.Cleanable cleanable;

        private Uncommitted(Cleaner.Cleanable cleanable) {
            this.cleanable = cleanable;
        }

        /** Takes the bytes out of the account, once. */
        void release() {
            cleanable.clean();
        }
    }
}
