package io.quotelake.job.quote;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What one quote of some 180 bytes costs in each step from record to row. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class QuoteBenchmark {
    /** A power of two; more than a branch predictor learns by heart. */
    private static final int QUOTES = 4_096;

    private static final long SEED = 8;
    private static final String[] INDICES = {"HSI", "NYA", "000001.SS", "J203.JO"};
    private static final long TIMESTAMP = 1_767_605_400_123L;

    private final byte[][] records = new byte[QUOTES][];
    private final Quote[] quotes = new Quote[QUOTES];
    private final QuoteScanner scanner = new QuoteScanner();
    private final JsonQuoteReader reader = new JsonQuoteReader();
    private final RowEncoder encoder = new RowEncoder(true);
    private final Folders folders = new Folders(DateGranularity.DAY);
    private final Quote quote = new Quote();
    private final QuoteRow row = new QuoteRow();
    private int next;

    @Setup
    public void makeQuotes() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < QUOTES; i++) {
            String record = record(random, i);
            records[i] = record.getBytes(StandardCharsets.US_ASCII);
            quotes[i] = new Quote();
            if (!scanner.scan(records[i], quotes[i])) {
                throw new IllegalStateException("The fast path does not take " + record);
            }
        }
    }

    private static String record(SplittableRandom random, int number) {
        double open = random.nextDouble(1_000, 20_000);
        double close = open + random.nextDouble(100);
        return String.format(
                Locale.ROOT,
                "{\"index\":\"%s\",\"date\":\"%d-%02d-%02d\",\"open\":%.6f,\"high\":%.6f,\"low\":%.6f,"
                        + "\"close\":%.6f,\"adj_close\":%.6f,\"volume\":%d,\"close_usd\":%.8f}",
                INDICES[number % INDICES.length],
                1965 + number % 56,
                1 + number % 12,
                1 + number % 28,
                open,
                close + 1,
                open - 1,
                close,
                close,
                1_000_000_000L + number,
                close * 0.13);
    }

    private int next() {
        return next++ & QUOTES - 1;
    }

    /** The fast path, which all quotes of a well-behaved producer take. */
    @Benchmark
    public boolean scan() {
        return scanner.scan(records[next()], quote);
    }

    /** The reference, for whatever the fast path leaves. */
    @Benchmark
    public Rejection readWithJackson() {
        return reader.read(records[next()], quote);
    }

    /** From quote to line. */
    @Benchmark
    public int encode() {
        int number = next();
        encoder.encode(quotes[number], 3, number, TIMESTAMP, row);
        return row.length;
    }

    /** From quote to the folder's path. */
    @Benchmark
    public String folder() {
        return folders.of(quotes[next()]);
    }
}
