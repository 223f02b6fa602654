package io.quotelake.s3;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.configuration.MemorySize;

/**
 * The account of memory that part files hold: bytes of open files, of parts on their way to S3, and
 * of finished files that wait for their commit. There is one account for a job in a process,
 * because all its slots share one heap. Sink and source look at it: what it can't take stays
 * unread.
 */
public final class PartFileMemory {
    /** The account of this job in this process. */
    public static final PartFileMemory PROCESS = new PartFileMemory(defaultMaxBytes());

    /**
     * What a file counts beside its bytes, for the objects of FileSink's bucket, of the part file's
     * writer and path, and of this writer: some 2 KiB in truth, and more while a checkpoint is
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

    /**
     * More would be of no use: Flink's committer keeps all finished files of a task, which count
     * twice here, in one array of at most 2 GiB.
     */
    static final long MOST_BYTES = 7L << 29;

    /** Longest wait for the bytes of unreachable files after a collection. */
    private static final long COLLECTION_MILLIS = 500;

    private static final long RECHECK_MILLIS = 100;

    private final AtomicLong heldBytes = new AtomicLong();
    private final AtomicLong uncommittedBytes = new AtomicLong();
    private final AtomicLong uploadsStarted = new AtomicLong();
    private final AtomicLong uploadsEnded = new AtomicLong();
    private final AtomicLong openFiles = new AtomicLong();
    private final Object released = new Object();
    private final ReferenceQueue<Object> unreachable = new ReferenceQueue<>();
    private final Set<Uncommitted> uncommitted = ConcurrentHashMap.newKeySet();
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
        return Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / 4);
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

    /** The bound of {@link #heldBytes()}. */
    public long maxBytes() {
        return maxBytes;
    }

    /**
     * Bytes of memory that open and uncommitted files count now: their own, those of small files
     * twice, and 720 a file for the objects around it.
     */
    public long heldBytes() {
        releaseUnreachable();
        return heldBytes.get();
    }

    /** Files that are open for writing now. */
    public long openFiles() {
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
        releaseUnreachable();
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
    public boolean isFilling() {
        return heldBytes() - OVERHEAD_BYTES * openFiles.get() > maxBytes / 2;
    }

    /**
     * More than three quarters of the bound are in use: files that hold a whole part should upload
     * it, and nothing should be read that can wait.
     */
    public boolean isScarce() {
        return heldBytes() > maxBytes / 4 * 3;
    }

    /**
     * Why nothing more should be read until the next checkpoint has published part files, and what
     * to do if that is too often; null while there is room.
     */
    public static String whyScarce() {
        return PROCESS.isScarce() ? PROCESS.describe() : null;
    }

    /** What is in memory, and what makes it less. */
    String describe() {
        return String.format(
                "%,d open part files and those that wait for their commit hold %s of memory, and %s"
                        + " (%d bytes) is the most they may. Small files can't leave memory before"
                        + " their commit: shorten the checkpoint interval"
                        + " (execution.checkpointing.interval) and the time that files stay open"
                        + " (--roll-interval), compress files (--compression zstd), choose a coarser"
                        + " date (--date-granularity month or year), or give more heap"
                        + " (taskmanager.memory.process.size). No row is lost.",
                openFiles(),
                new MemorySize(heldBytes()).toHumanReadableString(),
                S3Settings.MAX_BUFFERED_BYTES.key(),
                maxBytes);
    }

    /**
     * Keeps {@code bytes} in the account, which already counts them, until the file is committed or
     * its handle is no longer reachable: a task that fails drops its uncommitted files without a
     * word.
     */
    Uncommitted holdUntilCommitted(Object handle, long bytes) {
        uncommittedBytes.addAndGet(bytes);
        Uncommitted reference = new Uncommitted(handle, bytes);
        uncommitted.add(reference);
        return reference;
    }

    private void releaseUnreachable() {
        for (Reference<?> handle; (handle = unreachable.poll()) != null; ) {
            ((Uncommitted) handle).release();
        }
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
        if (heldBytes() + bytes > maxBytes) {
            return false;
        }
        return tryHold(bytes);
    }

    /** Bytes of one finished file that count until its commit. */
    final class Uncommitted extends PhantomReference<Object> {
        private final long bytes;

        private Uncommitted(Object handle, long bytes) {
            super(handle, unreachable);
            this.bytes = bytes;
        }

        /** Takes the bytes out of the account, once. */
        void release() {
            if (uncommitted.remove(this)) {
                uncommittedBytes.addAndGet(-bytes);
                PartFileMemory.this.release(bytes);
            }
        }
    }
}
