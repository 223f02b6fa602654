package io.quotelake.job.lake;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * How part files are compressed: in batches of rows, each a whole gzip member (RFC 1952) or zstd
 * frame (RFC 8878) of its own. A file is a sequence of them, which both formats allow; so it can
 * end after any batch, or go on after a restart.
 */
public enum Compression {
    NONE(".json", () -> null),
    GZIP(".json.gz", GzipCompressor::new),
    ZSTD(".json.zst", ZstdCompressor::new);

    private final String suffix;
    private final Supplier<BatchCompressor> compressor;

    Compression(String suffix, Supplier<BatchCompressor> compressor) {
        this.suffix = suffix;
        this.compressor = compressor;
    }

    /** How the files' names end: readers know the format by it. */
    String suffix() {
        return suffix;
    }

    /** The one whose files' names end so. */
    static Compression ofSuffix(String suffix) {
        return Arrays.stream(values())
                .filter(compression -> compression.suffix.equals(suffix))
                .findFirst()
                .orElseThrow();
    }

    /** A compressor for one thread; null for {@link #NONE}. */
    BatchCompressor open() {
        return compressor.get();
    }
}
