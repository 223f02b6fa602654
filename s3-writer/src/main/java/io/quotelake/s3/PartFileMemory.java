package io.quotelake.s3;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.configuration.MemorySize;

/**
 * The account of memory that part files hold: bytes of open files, of parts on their way to S3, and
 * of finished files that wait for their commit. There is one account for a job in a process,
 * because all its slots share one heap. Sink and source look at it: what it can't take stays
 * unread.
 *
 * <p>Every byte in it is in an {@link Entry}, and every entry has one owner that closes it: an open
 * file has its own, a part on its way to S3 has one, and a finished file has one until its commit.
 * All of them end with the {@link PartFileWriter} of their task, however the task ends.
 */
public final class PartFileMemory {
    /** The account of this job in this process. */
    public static final PartFileMemory PROCESS = new PartFileMemory(defaultMaxBytes());

    /**
     * What a file counts in addition to its bytes, for the objects of FileSink's bucket, of the
     * part file's writer and path, and of this writer. In fact they take some 2 KiB, and more
     * during a checkpoint.
     */
    static final int OVERHEAD_BYTES = 720;

    /**
     * Files up to this size count their bytes twice. Until they are published, Flink's committer
     * keeps all of them in its state as one array, of which it makes some six copies during a
     * checkpoint. So a quarter of the heap in this account is at most three quarters of the heap in
     * fact.
     */
    static final int SMALL_BYTES = 1024 * 1024;

    /**
     * More would be of no use: Flink's committer keeps all finished files of a task, which count
     * twice here, in one array of at most 2 GiB.
     */
    static final long MAX_BYTES = 7L << 29;

    private static final long RECHECK_MILLIS = 100;

    private final AtomicLong heldBytes = new AtomicLong();
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
        return Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory() / 4);
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

    /** A new entry of that many bytes, or null if they don't fit below the bound. */
    Entry tryOpen(long bytes) {
        return tryHold(bytes) ? new Entry(bytes, false) : null;
    }

    /** A new entry of bytes that exist already, such as those of a restored file. */
    Entry open(long bytes) {
        heldBytes.addAndGet(bytes);
        return new Entry(bytes, false);
    }

    private boolean tryHold(long bytes) {
        if (heldBytes.addAndGet(bytes) <= maxBytes) {
            return true;
        }
        release(bytes);
        return false;
    }

    private void release(long bytes) {
        heldBytes.addAndGet(-bytes);
        if (waiting > 0) {
            synchronized (released) {
                released.notifyAll();
            }
        }
    }

    /**
     * Files should hold their bytes packed, and end with the next checkpoint: their bytes take more
     * than half of the bound, or memory is scarce. What open files count beside their bytes is left
     * out of the half: many files of a row each can't be packed, and would end too soon. Whatever
     * makes memory scarce, though, must end with the next checkpoint: nothing else makes it less.
     */
    public boolean isFilling() {
        return isScarce() || heldBytes() - OVERHEAD_BYTES * openFiles.get() > maxBytes / 2;
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
                Locale.ROOT,
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
     * Holds {@code bytes}, if need be after the part uploads that are under way now have ended.
     * They end even while a checkpoint waits.
     *
     * @return false if the bytes don't fit even then
     */
    private boolean holdWhenUploadsEnd(long bytes) throws InterruptedException {
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
                return tryHoldWhileWaiting(bytes);
            } finally {
                waiting--;
            }
        }
    }

    private boolean tryHoldWhileWaiting(long bytes) {
        if (heldBytes() + bytes > maxBytes) {
            return false;
        }
        return tryHold(bytes);
    }

    /** Bytes that one owner holds, until it closes the entry; closing it again does nothing. */
    final class Entry implements AutoCloseable {
        private final boolean upload;
        private long bytes;
        private boolean closed;

        private Entry(long bytes, boolean upload) {
            this.bytes = bytes;
            this.upload = upload;
        }

        synchronized long bytes() {
            return bytes;
        }

        /** Takes more bytes in if they fit below the bound. */
        synchronized boolean tryGrow(long more) {
            checkOpen();
            if (!tryHold(more)) {
                return false;
            }
            bytes += more;
            return true;
        }

        /**
         * Takes more bytes in, and waits for part uploads that are under way if it must.
         *
         * @return false if they don't fit even then
         */
        boolean growWhenUploadsEnd(long more) throws InterruptedException {
            if (!holdWhenUploadsEnd(more)) {
                return false;
            }
            synchronized (this) {
                if (!closed) {
                    bytes += more;
                    return true;
                }
            }
            release(more);
            return true;
        }

        /** Counts that many bytes from now on, whether they fit or not. */
        synchronized void resize(long newBytes) {
            checkOpen();
            release(bytes - newBytes);
            bytes = newBytes;
        }

        /** Moves that many bytes into the entry of a part on its way to S3. */
        synchronized Entry moveToUpload(long part) {
            checkOpen();
            bytes -= part;
            uploadsStarted.incrementAndGet();
            return new Entry(part, true);
        }

        private void checkOpen() {
            if (closed) {
                throw new IllegalStateException("the task of this file has ended");
            }
        }

        @Override
        public synchronized void close() {
            if (closed) {
                return;
            }
            closed = true;
            if (upload) {
                uploadsEnded.incrementAndGet();
            }
            release(bytes);
        }
    }
}
