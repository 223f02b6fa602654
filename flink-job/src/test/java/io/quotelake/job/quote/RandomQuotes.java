package io.quotelake.job.quote;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;

/** Valid quotes drawn from a seed, with the JSON in which they might arrive. */
public final class RandomQuotes {

    private static final String FIRST = "ABCXYZabcxyz0189";
    private static final String MORE = FIRST + "_-";
    private static final long DAYS = LocalDate.of(9999, 12, 31).toEpochDay();

    /** Which spelling of keys and volume a JSON text has. */
    public enum Spelling {
        PROJECT,
        TUTORIAL,
        MIXED
    }

    /** A quote's values; the optional ones may be null. */
    public record Values(
            String index,
            LocalDate date,
            double open,
            double high,
            double low,
            double close,
            Double adjClose,
            long volume,
            Double closeUsd) {}

    private final SplittableRandom random;

    public RandomQuotes(long seed) {
        random = new SplittableRandom(seed);
    }

    public Values values() {
        double[] prices = {price(), price(), price(), price()};
        Arrays.sort(prices);
        boolean rises = random.nextBoolean();
        return new Values(
                index(),
                LocalDate.ofEpochDay(random.nextLong(-DAYS / 5, DAYS)),
                rises ? prices[1] : prices[2],
                prices[3],
                prices[0],
                rises ? prices[2] : prices[1],
                random.nextInt(4) == 0 ? null : price(),
                volume(),
                random.nextInt(4) == 0 ? null : price());
    }

    /** Values of few indices and days and with ordinary prices, as a market has them. */
    public Values ordinaryValues() {
        Values values = values();
        double[] prices = {ordinaryPrice(), ordinaryPrice(), ordinaryPrice(), ordinaryPrice()};
        Arrays.sort(prices);
        return new Values(
                List.of("HSI", "000001.SS", "J203.JO").get(random.nextInt(3)),
                LocalDate.of(2008, 9, 1).plusDays(random.nextInt(3)),
                prices[1],
                prices[3],
                prices[0],
                prices[2],
                values.adjClose == null ? null : ordinaryPrice(),
                values.volume,
                values.closeUsd == null ? null : ordinaryPrice());
    }

    /** The values as JSON: in any order, with or without blanks, numbers in any spelling. */
    public byte[] json(Values values, Spelling spelling) {
        List<String> members = new ArrayList<>();
        members.add(member(QuoteField.INDEX, spelling, "\"" + values.index + "\""));
        members.add(member(QuoteField.DATE, spelling, "\"" + values.date + "\""));
        members.add(member(QuoteField.OPEN, spelling, number(values.open)));
        members.add(member(QuoteField.HIGH, spelling, number(values.high)));
        members.add(member(QuoteField.LOW, spelling, number(values.low)));
        members.add(member(QuoteField.CLOSE, spelling, number(values.close)));
        members.add(member(QuoteField.VOLUME, spelling, wholeNumber(values.volume)));
        addOptional(members, QuoteField.ADJ_CLOSE, spelling, values.adjClose);
        addOptional(members, QuoteField.CLOSE_USD, spelling, values.closeUsd);
        if (random.nextInt(5) == 0) {
            members.add("\"currency\":{\"code\":[\"HKD\",null,1e5,\"\\u00e9\"]}");
        }
        if (random.nextInt(3) == 0) {
            Collections.shuffle(members, new Random(random.nextLong()));
        }
        String separator = List.of(",", ", ", ",\n  ").get(random.nextInt(3));
        return ("{" + String.join(separator, members) + "}").getBytes(StandardCharsets.UTF_8);
    }

    private void addOptional(
            List<String> members, QuoteField field, Spelling spelling, Double value) {
        if (value != null) {
            members.add(member(field, spelling, number(value)));
            return;
        }
        int how = random.nextInt(3);
        if (how > 0) {
            members.add(member(field, spelling, how == 1 ? "null" : "NaN"));
        }
    }

    private String member(QuoteField field, Spelling spelling, String value) {
        boolean tutorial =
                spelling == Spelling.TUTORIAL || spelling == Spelling.MIXED && random.nextBoolean();
        String key = tutorial ? field.tutorialKey() : field.key();
        return "\"" + key + "\":" + (random.nextBoolean() ? " " : "") + value;
    }

    private String index() {
        StringBuilder index = new StringBuilder().append(charOf(FIRST));
        int more = random.nextInt(32);
        for (int i = 0; i < more; i++) {
            boolean afterPoint = index.charAt(index.length() - 1) == '.';
            index.append(!afterPoint && random.nextInt(5) == 0 ? '.' : charOf(MORE));
        }
        return index.toString();
    }

    private char charOf(String characters) {
        return characters.charAt(random.nextInt(characters.length()));
    }

    /** Any finite double, most of them like prices. */
    private double price() {
        switch (random.nextInt(6)) {
            case 0:
                double any = Double.longBitsToDouble(random.nextLong());
                return Double.isFinite(any) ? any : -0.0;
            case 1:
                return random.nextInt(-5, 100_000);
            case 2:
                return random.nextDouble() * 40_000;
            default:
                return ordinaryPrice();
        }
    }

    private double ordinaryPrice() {
        return Math.round(random.nextDouble() * 4e10) / 1e6;
    }

    private long volume() {
        switch (random.nextInt(5)) {
            case 0:
                return 0;
            case 1:
                return Long.MAX_VALUE - random.nextInt(3);
            default:
                return random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63);
        }
    }

    /** One of the texts that mean exactly this double. */
    private String number(double value) {
        switch (random.nextInt(40)) {
            case 0:
                return value == 0 ? Double.toString(value) : new BigDecimal(value).toString();
            case 1:
                return String.format(Locale.ROOT, "%.17e", value);
            case 2:
                return Double.toString(value).replace("E", "e+").replace("e+-", "e-");
            case 3:
                boolean isWhole = value == Math.rint(value) && Math.abs(value) < 1e15 && value != 0;
                return isWhole ? Long.toString((long) value) : Double.toString(value);
            default:
                boolean isPlain = Math.abs(value) >= 1e-3 && Math.abs(value) < 1e15;
                return isPlain
                        ? plain(new BigDecimal(Double.toString(value)))
                        : Double.toString(value);
        }
    }

    private static String plain(BigDecimal value) {
        return (value.scale() < 1 ? value.setScale(1) : value).toPlainString();
    }

    private String wholeNumber(long value) {
        switch (random.nextInt(5)) {
            case 0:
                return value + ".0";
            case 1:
                return value + ".000";
            case 2:
                return value % 1000 == 0 ? value / 1000 + "E3" : Long.toString(value);
            default:
                return Long.toString(value);
        }
    }
}
