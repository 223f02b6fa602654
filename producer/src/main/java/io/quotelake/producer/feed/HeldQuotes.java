package io.quotelake.producer.feed;

import io.quotelake.producer.csv.Quote;
import io.quotelake.producer.terminal.RunException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/** Quotes held in memory, for the orders that need all of them at once. */
public final class HeldQuotes {

    private final List<Quote> quotes;
    private final long bytes;

    private HeldQuotes(List<Quote> quotes, long bytes) {
        this.quotes = quotes;
        this.bytes = bytes;
    }

    /**
     * Reads a source to its end.
     *
     * @throws RunException when the heap is too small for it
     */
    public static HeldQuotes of(QuoteSource source) throws IOException {
        List<Quote> quotes = new ArrayList<>();
        long bytes = 0;
        try {
            Quote quote;
            while ((quote = source.next()) != null) {
                quotes.add(quote);
                bytes += quote.json().length;
            }
        } catch (OutOfMemoryError e) {
            long held = quotes.size();
            quotes.clear();
            throw new RunException(
                    "the heap of %,d MiB is full after %,d quotes: give more with java -Xmx, or replay in file order, which holds none"
                            .formatted(Runtime.getRuntime().maxMemory() >> 20, held),
                    e);
        }
        return new HeldQuotes(quotes, bytes);
    }

    /** How much is held; the objects around the JSON take about half as much again. */
    @Override
    public String toString() {
        return "%,d rows (%,.1f MiB)".formatted(quotes.size(), bytes / 1048576.0);
    }

    /**
     * Chronological across the indices; the quotes of one day stand as in the file, those without a
     * date first.
     */
    public QuoteSource byDate(long passes) {
        quotes.sort(Comparator.comparingInt(Quote::epochDay));
        return new ByDate(passes);
    }

    /** Drawn at random with replacement, for ever; nothing at all when none is held. */
    public QuoteSource sampled(long seed) {
        return new Sampled(seed);
    }

    private abstract static class Held implements QuoteSource {
        long pass = 1;
        long row;

        @Override
        public long pass() {
            return pass;
        }

        @Override
        public long row() {
            return row;
        }

        @Override
        public void abort() {}

        @Override
        public void close() {}
    }

    private final class ByDate extends Held {
        private final long passes;

        ByDate(long passes) {
            this.passes = passes;
        }

        @Override
        public Quote next() {
            if (row == quotes.size()) {
                if (pass >= passes || row == 0) {
                    return null;
                }
                pass++;
                row = 0;
            }
            return quotes.get((int) row++);
        }

        @Override
        public void skipTo(long targetPass, long targetRow) {
            if (targetRow > quotes.size()) {
                throw new RunException(
                        "the file has only %,d quotes; %,d were published before"
                                .formatted(quotes.size(), targetRow));
            }
            pass = targetPass;
            row = targetRow;
        }

        @Override
        public double progress() {
            return passes == FileOrder.FOREVER || quotes.isEmpty()
                    ? Double.NaN
                    : (pass - 1 + (double) row / quotes.size()) / passes;
        }
    }

    private final class Sampled extends Held {
        private final SplittableRandom random;

        Sampled(long seed) {
            this.random = new SplittableRandom(seed);
        }

        @Override
        public Quote next() {
            if (quotes.isEmpty()) {
                return null;
            }
            row++;
            return quotes.get(random.nextInt(quotes.size()));
        }

        @Override
        public void skipTo(long targetPass, long targetRow) {
            while (row < targetRow) {
                next();
            }
        }

        @Override
        public double progress() {
            return Double.NaN;
        }
    }
}
