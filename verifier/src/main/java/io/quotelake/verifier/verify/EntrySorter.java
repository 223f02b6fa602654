package io.quotelake.verifier.verify;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Sorts entries, however many, by their records: a merge sort over compressed files in a temporary
 * directory.
 *
 * <p>Heap: at most 32 MiB of entries while they are added, and {@value #MAX_RUNS} open files of
 * some 100 KiB each while they are merged. Disk: about a fifth of the rows' uncompressed bytes,
 * twice that while runs are merged into one.
 */
final class EntrySorter implements AutoCloseable {
    private static final long MAX_HEAP_BYTES = 32L << 20;
    private static final int MAX_RUNS = 128;
    private static final int BUFFER_BYTES = 1 << 14;

    private final long mostHeapBytes;
    private final Path directory;
    private final List<Path> runs = new ArrayList<>();
    private final List<Run> openRuns = new ArrayList<>();
    private List<Entry> buffered = new ArrayList<>();
    private long heapBytes;
    private int files;

    EntrySorter() {
        this(MAX_HEAP_BYTES);
    }

    EntrySorter(long mostHeapBytes) {
        this.mostHeapBytes = mostHeapBytes;
        try {
            directory = Files.createTempDirectory("quotelake-verify-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes an entry; may be called by several threads. */
    synchronized void add(Entry entry) {
        buffered.add(entry);
        heapBytes += entry.heapBytes();
        if (heapBytes >= mostHeapBytes) {
            spill();
        }
    }

    /** All entries in {@link Entry#ORDER}; to be called once, after the last {@link #add}. */
    synchronized Iterator<Entry> sorted() {
        if (!buffered.isEmpty()) {
            spill();
        }
        return merged(runs);
    }

    @Override
    public void close() {
        try {
            for (Run run : openRuns) {
                run.close();
            }
            for (Path run : runs) {
                Files.deleteIfExists(run);
            }
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void spill() {
        buffered.sort(Entry.ORDER);
        runs.add(write(buffered.iterator()));
        buffered = new ArrayList<>();
        heapBytes = 0;
        if (runs.size() == MAX_RUNS) {
            mergeRunsIntoOne();
        }
    }

    private void mergeRunsIntoOne() {
        Path merged = write(merged(runs));
        openRuns.clear();
        try {
            for (Path run : runs) {
                Files.delete(run);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        runs.clear();
        runs.add(merged);
    }

    private Path write(Iterator<Entry> entries) {
        Path file = directory.resolve("run-" + files++);
        try (OutputStream stored =
                        new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES);
                DataOutputStream out =
                        new DataOutputStream(
                                new BufferedOutputStream(
                                        new DeflaterOutputStream(
                                                stored, new Deflater(Deflater.BEST_SPEED)),
                                        BUFFER_BYTES))) {
            while (entries.hasNext()) {
                entries.next().write(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    private Iterator<Entry> merged(List<Path> files) {
        PriorityQueue<Run> queue =
                new PriorityQueue<>(Comparator.comparing(Run::head, Entry.ORDER));
        for (Path file : files) {
            Run run = new Run(file);
            openRuns.add(run);
            if (run.head() != null) {
                queue.add(run);
            }
        }
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !queue.isEmpty();
            }

            @Override
            public Entry next() {
                Run run = queue.poll();
                if (run == null) {
                    throw new NoSuchElementException();
                }
                Entry entry = run.head();
                if (run.advance()) {
                    queue.add(run);
                }
                return entry;
            }
        };
    }

    /** A sorted file that is being read. */
    private static final class Run {
        private final InputStream stored;
        private final DataInputStream in;
        private Entry head;

        Run(Path file) {
            try {
                stored = Files.newInputStream(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            in =
                    new DataInputStream(
                            new BufferedInputStream(
                                    new InflaterInputStream(
                                            new BufferedInputStream(stored, BUFFER_BYTES)),
                                    BUFFER_BYTES));
            advance();
        }

        Entry head() {
            return head;
        }

        /** Reads the next entry; at the end closes the file and returns false. */
        boolean advance() {
            try {
                head = Entry.read(in);
                return true;
            } catch (EOFException e) {
                head = null;
                close();
                return false;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void close() {
            try {
                in.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
