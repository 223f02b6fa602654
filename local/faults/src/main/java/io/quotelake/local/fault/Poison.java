package io.quotelake.local.fault;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Records for a burst: quotes, and what is none in the ways that are met in the wild or sent on
 * purpose.
 */
final class Poison {
    private static final List<Function<SplittableRandom, byte[]>> KINDS =
            List.of(
                    random -> new byte[0],
                    random -> null,
                    random -> bytes(random, 1 + random.nextInt(2_000)),
                    random -> "{".repeat(1 + random.nextInt(3_000)).getBytes(UTF_8),
                    random -> changed(random, "\"HSI\"", "\"../../x\""),
                    random -> changed(random, "\"HSI\"", "\"a/b=c\""),
                    random -> changed(random, "\"volume\":", "\"volume\":-"),
                    random -> changed(random, "\"low\":", "\"low\":NaN,\"x\":"),
                    random -> changed(random, "\"high\":", "\"high\":1e999,\"x\":"),
                    random -> changed(random, "-12-", "-13-"),
                    random -> changed(random, "}", "} {}"));

    private Poison() {}

    /** Something that is no quote. */
    static byte[] record(SplittableRandom random) {
        return KINDS.get(random.nextInt(KINDS.size())).apply(random);
    }

    /** A valid quote of this year's last day but one. */
    static byte[] quote(SplittableRandom random) {
        return text(random).getBytes(UTF_8);
    }

    private static byte[] changed(SplittableRandom random, String part, String other) {
        return text(random).replace(part, other).getBytes(UTF_8);
    }

    private static String text(SplittableRandom random) {
        double low = 1 + 50_000 * random.nextDouble();
        double high = low + random.nextDouble();
        return String.format(
                Locale.ROOT,
                "{\"index\":\"HSI\",\"date\":\"%d-12-30\",\"open\":%s,\"high\":%s,\"low\":%s,\"close\":%s,"
                        + "\"adj_close\":%s,\"volume\":%d,\"close_usd\":null}",
                LocalDate.now().getYear(),
                low,
                high,
                low,
                high,
                random.nextDouble(),
                random.nextLong(Long.MAX_VALUE));
    }

    private static byte[] bytes(SplittableRandom random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
