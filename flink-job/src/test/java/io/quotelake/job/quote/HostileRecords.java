package io.quotelake.job.quote;

import io.quotelake.job.quote.RandomQuotes.Spelling;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.regex.Matcher;

/** Values as a careless or hostile producer might send them, drawn from a seed. */
public final class HostileRecords {

    private static final String[] TEXTS = {
        "../../x",
        "a/b",
        "x=y",
        "..",
        "",
        "\\u0000",
        "\\ud800",
        "%2e%2e",
        "HSI\\n",
        "2023-02-29",
        "10000-01-01",
        "index=HSI/date=1",
        "s3://other/x",
        "C:\\\\x",
        "\u202e",
        "_part",
        ".hidden"
    };
    private static final String[] LITERALS = {
        "null",
        "NaN",
        "Infinity",
        "-Infinity",
        "1e400",
        "-1e400",
        "1e-400",
        "0.0",
        "-0.0",
        "1E3",
        "9223372036854775807",
        "9223372036854775808",
        "true",
        "{}",
        "[]",
        "[[[[]]]]",
        "\"12\"",
        "-1",
        "00",
        "1.",
        "",
        "{\"index\":\"HSI\"}"
    };
    private static final int LARGE_VALUE_BYTES = 10 << 20;

    private HostileRecords() {}

    /** The value of a seed: null for tombstones; about a fifth are untouched quotes. */
    public static byte[] value(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RandomQuotes quotes = new RandomQuotes(seed);
        Spelling spelling = Spelling.values()[random.nextInt(Spelling.values().length)];
        byte[] quote = quotes.json(quotes.ordinaryValues(), spelling);
        if (random.nextInt(20_000) == 0) {
            return Arrays.copyOf(quote, LARGE_VALUE_BYTES);
        }
        switch (random.nextInt(10)) {
            case 0:
                return random.nextBoolean() ? null : new byte[0];
            case 1:
                byte[] noise = new byte[random.nextInt(300)];
                random.nextBytes(noise);
                return noise;
            case 2:
                return Arrays.copyOf(quote, random.nextInt(quote.length));
            case 3:
                return withText(quote, random);
            case 4:
            case 5:
                return withLiteral(quote, random);
            case 6:
            case 7:
                return withNoise(quote, random);
            default:
                return quote;
        }
    }

    private static byte[] withText(byte[] quote, SplittableRandom random) {
        String text = TEXTS[random.nextInt(TEXTS.length)];
        String json = new String(quote, StandardCharsets.UTF_8);
        String key = random.nextBoolean() ? "index" : "date";
        return json.replaceFirst(
                        "(?i)\"" + key + "\": ?\"[^\"]*\"",
                        Matcher.quoteReplacement("\"" + key + "\":\"" + text + "\""))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] withLiteral(byte[] quote, SplittableRandom random) {
        String[] keys = {"open", "high", "low", "close", "volume", "index", "date", "adj_close"};
        String key = keys[random.nextInt(keys.length)];
        String literal = LITERALS[random.nextInt(LITERALS.length)];
        return new String(quote, StandardCharsets.UTF_8)
                .replaceFirst(
                        "(?i)\"" + key + "\": ?(\"[^\"]*\"|[^,}\\s]*)",
                        "\"" + key + "\":" + literal)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] withNoise(byte[] quote, SplittableRandom random) {
        byte[] mutated = quote.clone();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(mutated.length);
            byte[] likely = "\"\\{}[]:,.-+eE0159/ \n".getBytes(StandardCharsets.US_ASCII);
            mutated[at] =
                    random.nextBoolean()
                            ? likely[random.nextInt(likely.length)]
                            : (byte) random.nextInt(256);
        }
        return mutated;
    }
}
