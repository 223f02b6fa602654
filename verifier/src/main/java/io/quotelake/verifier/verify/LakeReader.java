package io.quotelake.verifier.verify;

import com.github.luben.zstd.ZstdIOException;
import io.quotelake.terminal.Failure;
import io.quotelake.verifier.table.Lake;
import io.quotelake.verifier.table.PartFile;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.ZipException;

/**
 * Reads the whole lake, several objects at a time: rows become entries; objects and lines that are
 * none become findings.
 */
final class LakeReader {
    /** Enough to hide the latency of S3; each thread holds one object's buffers, some 300 KiB. */
    private static final int THREADS = 16;

    /**
     * No row is longer: its longest parts are seven numbers, and JSON readers refuse those beyond
     * 1,000 digits.
     */
    private static final int MAX_ROW_BYTES = 16 << 10;

    private static final int BUFFER_BYTES = 1 << 16;

    private final Lake lake;
    private final EntrySorter entries;
    private final Findings findings;
    private final LongAdder objects = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder[] objectsByGranularity = new LongAdder[Granularity.values().length];
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();

    LakeReader(Lake lake, EntrySorter entries, Findings findings) {
        this.lake = lake;
        this.entries = entries;
        this.findings = findings;
        Arrays.setAll(objectsByGranularity, i -> new LongAdder());
    }

    /** Reads everything. A lake without lineage is refused, because its rows name no record. */
    void read() throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        Semaphore free = new Semaphore(2 * THREADS);
        try {
            lake.list(object -> submit(object.key(), threads, free));
            threads.shutdown();
            threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            threads.shutdownNow();
        }
        rethrowFailure();
    }

    /** Part files that were read. */
    long objects() {
        return objects.sum();
    }

    /** Rows that were read. */
    long rows() {
        return rows.sum();
    }

    /** The granularity that most objects have; a day for an empty lake. */
    Granularity granularity() {
        Granularity most = Granularity.day;
        for (Granularity granularity : Granularity.values()) {
            if (objectsByGranularity[granularity.ordinal()].sum()
                    > objectsByGranularity[most.ordinal()].sum()) {
                most = granularity;
            }
        }
        return most;
    }

    private void submit(String key, ExecutorService threads, Semaphore free) {
        rethrowFailure();
        Optional<PartFile> file = PartFile.of(key);
        if (file.isEmpty()) {
            findings.add(
                    Finding.Kind.STRAY, key, "is not a part file (index=…/date=…/part-….json)");
            return;
        }
        objects.increment();
        for (Granularity granularity : Granularity.values()) {
            if (granularity.hasLengthOf(file.get().date())) {
                objectsByGranularity[granularity.ordinal()].increment();
            }
        }
        free.acquireUninterruptibly();
        threads.execute(
                () -> {
                    try {
                        read(file.get());
                    } catch (IOException e) {
                        failure.compareAndSet(
                                null, Failure.atRunTime(key + " can't be read: " + e.getMessage()));
                    } catch (RuntimeException e) {
                        failure.compareAndSet(null, e);
                    } finally {
                        free.release();
                    }
                });
    }

    private void rethrowFailure() {
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    private void read(PartFile file) throws IOException {
        long line = 0;
        try (InputStream in = new BufferedInputStream(file.open(lake), BUFFER_BYTES)) {
            ByteArrayOutputStream buffer = new ByteArrayOutputStream(512);
            int next = in.read();
            if (next < 0) {
                findings.add(Finding.Kind.STRAY, file.key(), "is empty");
            }
            while (next >= 0) {
                line++;
                buffer.reset();
                while (next >= 0 && next != '\n' && buffer.size() < MAX_ROW_BYTES) {
                    buffer.write(next);
                    next = in.read();
                }
                if (next != '\n') {
                    String reason =
                            next < 0
                                    ? "the file ends in the middle of a line"
                                    : "the line is too long for a row";
                    findings.add(Finding.Kind.MALFORMED, file.key() + ":" + line, reason);
                    return;
                }
                take(file, line, buffer.toString(StandardCharsets.ISO_8859_1));
                next = in.read();
            }
        } catch (ZipException | ZstdIOException | EOFException e) {
            findings.add(
                    Finding.Kind.MALFORMED,
                    file.key() + ":" + (line + 1),
                    "the rest can't be decompressed: " + e.getMessage());
        }
    }

    private void take(PartFile file, long number, String line) {
        rows.increment();
        String place = file.key() + ":" + number;
        Optional<LakeRow> row = LakeRow.of(line);
        if (row.isPresent()) {
            entries.add(new Entry(row.get().partition(), row.get().offset(), true, place, line));
            return;
        }
        if (LakeRow.lacksLineage(line)) {
            throw Failure.ofUse(
                    place
                            + " has no lineage (kafka_partition, kafka_offset): rows written with --no-lineage can't be"
                            + " traced to their records, so this lake can't be verified.");
        }
        findings.add(Finding.Kind.MALFORMED, place, "is not a row of the lake: " + shortened(line));
    }

    private static String shortened(String line) {
        String printable = line.replaceAll("[^ -~]", "?");
        return printable.length() <= 300 ? printable : printable.substring(0, 300) + "…";
    }
}
