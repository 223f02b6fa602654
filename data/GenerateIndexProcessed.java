import java.io.BufferedWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.MonthDay;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Writes a synthetic {@code indexProcessed.csv}: the shape of the Kaggle data set "Stock Exchange
 * Data" (its header, 14 index codes, start years, number formats and 104,224 rows), with prices
 * that are a random walk.
 *
 * <pre>java data/GenerateIndexProcessed.java [FILE]      (default: data/indexProcessed.csv)</pre>
 *
 * <p>The same bytes come out on every JDK: the generator is seeded, arithmetic that could differ
 * goes through {@link StrictMath}, and doubles are printed by {@link #shortest}, because {@code
 * Double.toString} changed in JDK 19.
 */
public final class GenerateIndexProcessed {

    private static final long SEED = 19_650_105L;
    private static final LocalDate LAST_DAY = LocalDate.of(2021, 5, 31);

    /**
     * One index of the data set.
     *
     * @param rows trading days from {@code start} to {@link #LAST_DAY}
     * @param first close on the first day, in the index's currency
     * @param last close on the last day
     * @param volatility standard deviation of a daily log return
     * @param intraday year from which open, high and low differ from the close
     * @param traded year from which volumes are known; zero before
     * @param shares typical daily volume
     * @param usd US dollars for one unit of the index's currency
     */
    private record Index(
            String code,
            LocalDate start,
            int rows,
            double first,
            double last,
            double volatility,
            int intraday,
            int traded,
            double shares,
            double usd) {}

    private static final List<Index> INDICES =
            List.of(
                    index("HSI", "1986-12-31", 8108, 2500, 29100, 0.016, 1987, 2001, 1.6e9, 0.13),
                    index("NYA", "1965-12-31", 13055, 500, 16600, 0.010, 1985, 2001, 3.6e9, 1),
                    index("IXIC", "1971-02-05", 11854, 110, 13700, 0.012, 1984, 1984, 1.6e9, 1),
                    index(
                            "000001.SS",
                            "1997-07-02",
                            5634,
                            1250,
                            3600,
                            0.015,
                            1997,
                            2006,
                            2.0e5,
                            0.16),
                    index(
                            "GSPTSE",
                            "1979-06-29",
                            9876,
                            1650,
                            19700,
                            0.010,
                            1979,
                            1985,
                            1.2e10,
                            0.83),
                    index(
                            "N225",
                            "1965-01-05",
                            13288,
                            1300,
                            28900,
                            0.013,
                            1970,
                            2002,
                            1.2e8,
                            0.0094),
                    index("N100", "1999-12-31", 5045, 1050, 1280, 0.013, 1999, 2001, 2.5e8, 1.22),
                    index(
                            "399001.SZ",
                            "1997-08-22",
                            5600,
                            4400,
                            15000,
                            0.017,
                            1997,
                            2008,
                            2.5e6,
                            0.16),
                    index("GDAXI", "1987-12-30", 7873, 1050, 15400, 0.014, 1993, 1997, 9.0e7, 1.22),
                    index("SSMI", "1990-11-09", 7199, 1400, 11400, 0.011, 1992, 2002, 5.5e7, 1.11),
                    index("TWII", "1997-07-02", 5634, 9100, 17100, 0.013, 1997, 2009, 3.0e6, 0.036),
                    index("J203.JO", "2012-02-08", 2193, 34500, 68000, 0.010, 2012, 2030, 0, 0.073),
                    index("NSEI", "2007-09-17", 3229, 4600, 15600, 0.013, 2007, 2013, 2.4e5, 0.014),
                    index(
                            "KS11",
                            "1997-07-01",
                            5636,
                            770,
                            3200,
                            0.016,
                            1997,
                            2001,
                            5.0e5,
                            0.00090));

    private static Index index(
            String code,
            String start,
            int rows,
            double first,
            double last,
            double volatility,
            int intraday,
            int traded,
            double shares,
            double usd) {
        return new Index(
                code,
                LocalDate.parse(start),
                rows,
                first,
                last,
                volatility,
                intraday,
                traded,
                shares,
                usd);
    }

    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments.length == 0 ? "data/indexProcessed.csv" : arguments[0]);
        try (BufferedWriter csv = Files.newBufferedWriter(file)) {
            csv.write("Index,Date,Open,High,Low,Close,Adj Close,Volume,CloseUSD\n");
            for (int i = 0; i < INDICES.size(); i++) {
                write(INDICES.get(i), new Random(SEED + i), csv);
            }
        }
    }

    private static void write(Index index, Random random, BufferedWriter csv) throws IOException {
        List<LocalDate> days = tradingDays(index, random);
        double[] closes = closes(index, random);
        float previous = (float) closes[0];
        for (int i = 0; i < closes.length; i++) {
            LocalDate day = days.get(i);
            float close = (float) closes[i];
            float open = close;
            float high = close;
            float low = close;
            if (day.getYear() >= index.intraday()) {
                open = (float) (previous * (1 + index.volatility() * 0.3 * random.nextGaussian()));
                double range = index.volatility() * 0.5;
                high =
                        (float)
                                (Math.max(open, close)
                                        * (1 + range * Math.abs(random.nextGaussian())));
                low =
                        (float)
                                (Math.min(open, close)
                                        * (1 - range * Math.abs(random.nextGaussian())));
            }
            String price = price(close);
            csv.write(
                    index.code()
                            + ','
                            + day
                            + ','
                            + price(open)
                            + ','
                            + price(high)
                            + ','
                            + price(low)
                            + ',');
            csv.write(price + ',' + price + ',' + volume(index, day, random) + ',');
            csv.write(shortest(Double.parseDouble(price) * index.usd()) + '\n');
            previous = close;
        }
    }

    /**
     * Weekdays from the start to the last day, without New Year, Christmas and as many others as
     * the row count asks.
     */
    private static List<LocalDate> tradingDays(Index index, Random random) {
        List<LocalDate> days = new ArrayList<>();
        for (LocalDate day = index.start().plusDays(1);
                day.isBefore(LAST_DAY);
                day = day.plusDays(1)) {
            boolean weekend =
                    day.getDayOfWeek() == DayOfWeek.SATURDAY
                            || day.getDayOfWeek() == DayOfWeek.SUNDAY;
            MonthDay date = MonthDay.from(day);
            if (!weekend && !date.equals(MonthDay.of(1, 1)) && !date.equals(MonthDay.of(12, 25))) {
                days.add(day);
            }
        }
        Collections.shuffle(days, random);
        List<LocalDate> traded = new ArrayList<>(days.subList(0, index.rows() - 2));
        traded.add(index.start());
        traded.add(LAST_DAY);
        Collections.sort(traded);
        return traded;
    }

    /**
     * A geometric random walk from the first close to the last (a Brownian bridge in logarithms).
     */
    private static double[] closes(Index index, Random random) {
        int days = index.rows();
        double[] walk = new double[days];
        for (int i = 1; i < days; i++) {
            walk[i] = walk[i - 1] + index.volatility() * random.nextGaussian();
        }
        double drift = (StrictMath.log(index.last() / index.first()) - walk[days - 1]) / (days - 1);
        double[] closes = new double[days];
        for (int i = 0; i < days; i++) {
            closes[i] = index.first() * StrictMath.exp(walk[i] + drift * i);
        }
        return closes;
    }

    /**
     * A single-precision price as the data set prints it: ten significant digits, six decimals at
     * most, one at least.
     */
    private static String price(float value) {
        BigDecimal digits =
                new BigDecimal(value).round(new MathContext(10, RoundingMode.HALF_EVEN));
        return plain(digits.setScale(Math.min(6, digits.scale()), RoundingMode.HALF_EVEN));
    }

    private static String volume(Index index, LocalDate day, Random random) {
        if (day.getYear() < index.traded()) {
            return "0.0";
        }
        double shares = index.shares() * StrictMath.exp(0.35 * random.nextGaussian());
        return StrictMath.round(shares / 100) * 100 + ".0";
    }

    /** The fewest digits that read back as the same double. */
    private static String shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        for (int precision = 15; ; precision++) {
            BigDecimal rounded = exact.round(new MathContext(precision, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() == value) {
                return plain(rounded);
            }
        }
    }

    private static String plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.setScale(Math.max(1, stripped.scale()), RoundingMode.UNNECESSARY)
                .toPlainString();
    }
}
