package io.quotelake.s3;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What one row costs in the memory of an open part file. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PartBufferBenchmark {
    private static final int ROW_BYTES = 240;
    private static final int ROWS_PER_PART = MultipartUpload.MIN_PART_BYTES / ROW_BYTES;

    private final byte[] row = new byte[ROW_BYTES];

    /** A row of a file that fills whole parts. */
    @Benchmark
    @OperationsPerInvocation(ROWS_PER_PART)
    public Bytes rowOfBigFile() {
        PartBuffer buffer = new PartBuffer();
        for (int i = 0; i < ROWS_PER_PART; i++) {
            buffer.append(row, 0, ROW_BYTES);
        }
        return buffer.detach();
    }

    /** A file of one row. */
    @Benchmark
    public Bytes fileOfOneRow() {
        PartBuffer buffer = new PartBuffer();
        buffer.append(row, 0, ROW_BYTES);
        return buffer.detach();
    }
}
