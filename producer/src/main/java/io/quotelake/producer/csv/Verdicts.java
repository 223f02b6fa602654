package io.quotelake.producer.csv;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Foresees which quotes will be dead letters, by the rules of the quote: an index that can be a
 * folder, a date, four prices of which low and high enclose the others, and a volume that is a
 * whole number from 0 to 2^63-1. The first broken rule counts.
 */
final class Verdicts {

    /** What can be wrong with a quote, and the option that mends it. */
    enum Rule {
        INDEX_MISSING("index is missing"),
        INDEX_NO_FOLDER("index can't be a folder's name"),
        DATE_MISSING("date is missing"),
        PRICE_MISSING("a price is missing"),
        VOLUME_MISSING("volume is missing"),
        VOLUME_NOT_WHOLE("volume is not a whole number"),
        VOLUME_OUT_OF_RANGE("volume is not from 0 to 2^63-1"),
        PRICES_BARELY_INCONSISTENT("high and low miss open or close in the last digits"),
        PRICES_INCONSISTENT("high and low don't enclose open and close");

        private final String words;

        Rule(String words) {
            this.words = words;
        }
    }

    /** Quotes that break one rule. */
    private static final class Broken {
        private final long line;
        private final String example;
        private long count;

        Broken(long line, String example) {
            this.line = line;
            this.example = example;
        }
    }

    private static final int OPEN = 0;
    private static final int HIGH = 1;
    private static final int LOW = 2;
    private static final int CLOSE = 3;
    private static final int VOLUME = 5;

    /** Differences up to this share of the price are a matter of rounding. */
    private static final double LAST_DIGITS = 1e-4;

    /** Digits between two signs that group thousands. */
    private static final int GROUP = 3;

    private static final BigDecimal MAX_VOLUME = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final int MAX_EXACT_DIGITS = 15;
    private static final double[] POWER_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    private final Map<Rule, Broken> broken = new EnumMap<>(Rule.class);
    private long quotes;
    private double widestMiss;
    private boolean perhapsGrouped = true;
    private byte[] lastKey;
    private boolean lastKeyIsFolder;

    /**
     * Takes one quote.
     *
     * @param numberEnds where the numbers end in its JSON, in their order
     * @param line the line of the file
     */
    void judge(Quote quote, int[] numberEnds, long line) {
        quotes++;
        Rule rule = rule(quote.key(), quote.epochDay(), quote.json(), numberEnds);
        if (rule != null) {
            broken.computeIfAbsent(
                            rule, first -> new Broken(line, example(first, quote, numberEnds)))
                    .count++;
        }
    }

    private Rule rule(byte[] key, int epochDay, byte[] json, int[] numberEnds) {
        if (key == null) {
            return Rule.INDEX_MISSING;
        }
        if (key != lastKey) {
            lastKey = key;
            lastKeyIsFolder = IndexNames.isFolder(new String(key, StandardCharsets.UTF_8));
        }
        if (!lastKeyIsFolder) {
            return Rule.INDEX_NO_FOLDER;
        }
        if (epochDay == Quote.NO_DATE) {
            return Rule.DATE_MISSING;
        }
        double open = number(json, numberEnds, OPEN);
        double high = number(json, numberEnds, HIGH);
        double low = number(json, numberEnds, LOW);
        double close = number(json, numberEnds, CLOSE);
        if (Double.isNaN(open + high + low + close)) {
            return Rule.PRICE_MISSING;
        }
        Rule ofVolume = volumeRule(json, numberEnds);
        if (ofVolume != null) {
            return ofVolume;
        }
        double above = Math.max(open, close);
        double below = Math.min(open, close);
        if (above <= high && below >= low) {
            return null;
        }
        double miss = Math.max((above - high) / Math.abs(above), (low - below) / Math.abs(below));
        if (miss <= LAST_DIGITS) {
            widestMiss = Math.max(widestMiss, miss);
            return Rule.PRICES_BARELY_INCONSISTENT;
        }
        return Rule.PRICES_INCONSISTENT;
    }

    private Rule volumeRule(byte[] json, int[] numberEnds) {
        int start = QuoteEncoder.numberStart(numberEnds, VOLUME);
        int end = numberEnds[VOLUME + 1];
        if (json[start] == 'n') {
            return Rule.VOLUME_MISSING;
        }
        boolean digits = true;
        for (int i = start; i < end; i++) {
            digits &= json[i] >= '0' && json[i] <= '9';
        }
        if (digits && end - start <= MAX_EXACT_DIGITS) {
            return null;
        }
        BigDecimal volume = new BigDecimal(text(json, start, end));
        if (volume.signum() < 0 || volume.compareTo(MAX_VOLUME) > 0) {
            return Rule.VOLUME_OUT_OF_RANGE;
        }
        if (volume.stripTrailingZeros().scale() <= 0) {
            return null;
        }
        perhapsGrouped &= volume.scale() == GROUP;
        return Rule.VOLUME_NOT_WHOLE;
    }

    /** The value of a number in the JSON, or NaN for null. */
    static double number(byte[] json, int[] numberEnds, int number) {
        int start = QuoteEncoder.numberStart(numberEnds, number);
        int end = numberEnds[number + 1];
        if (json[start] == 'n') {
            return Double.NaN;
        }
        long digits = 0;
        int point = end;
        for (int i = start; i < end; i++) {
            if (json[i] == '.') {
                point = i + 1;
            } else if (json[i] >= '0' && json[i] <= '9') {
                digits = 10 * digits + json[i] - '0';
            } else {
                return Double.parseDouble(text(json, start, end));
            }
        }
        return end - start <= MAX_EXACT_DIGITS
                ? digits / POWER_OF_TEN[end - point]
                : Double.parseDouble(text(json, start, end));
    }

    private static String example(Rule rule, Quote quote, int[] numberEnds) {
        return switch (rule) {
            case INDEX_NO_FOLDER -> new String(quote.key(), StandardCharsets.UTF_8);
            case VOLUME_NOT_WHOLE, VOLUME_OUT_OF_RANGE ->
                    text(
                            quote.json(),
                            QuoteEncoder.numberStart(numberEnds, VOLUME),
                            numberEnds[VOLUME + 1]);
            default -> "";
        };
    }

    private static String text(byte[] json, int start, int end) {
        return new String(json, start, end - start, StandardCharsets.US_ASCII);
    }

    /** The quotes so far. */
    long quotes() {
        return quotes;
    }

    /** How many of them will be dead letters. */
    long deadLetters() {
        return broken.values().stream().mapToLong(rule -> rule.count).sum();
    }

    /** One line for each broken rule: how many quotes, why, and the option that mends it. */
    List<String> describe() {
        List<String> lines = new ArrayList<>();
        broken.forEach(
                (rule, some) ->
                        lines.add(
                                "%,d of %,d rows will be dead letters: %s (line %d%s)%s"
                                        .formatted(
                                                some.count,
                                                quotes,
                                                rule.words,
                                                some.line,
                                                some.example.isEmpty()
                                                        ? ""
                                                        : ": '" + some.example + "'",
                                                mend(rule, some.example))));
        return lines;
    }

    private String mend(Rule rule, String example) {
        return switch (rule) {
            case INDEX_NO_FOLDER ->
                    IndexNames.plain(example).equals(example)
                            ? "; --map '%s=NAME' mends it".formatted(example)
                            : "; --plain-names (here: %s) or --map '%s=NAME' mends it"
                                    .formatted(IndexNames.plain(example), example);
            case VOLUME_MISSING -> "; --missing-volume 0 mends it";
            case VOLUME_NOT_WHOLE ->
                    perhapsGrouped
                            ? ": are these points between thousands? Then --decimal comma; --round-volume if not"
                            : "; --round-volume mends it";
            case PRICES_BARELY_INCONSISTENT ->
                    "; --price-tolerance %s mends it"
                            .formatted(
                                    BigDecimal.ONE
                                            .scaleByPowerOfTen(
                                                    (int) Math.ceil(Math.log10(widestMiss)))
                                            .toPlainString());
            default -> "";
        };
    }
}
