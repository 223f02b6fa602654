package io.quotelake.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.quotelake.dashboard.TestLake.Quote;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The charts show what follows from the CSV file, calculated here in another way. */
class ChartValuesTest {
    private static final Set<String> INDICES = Set.of("HSI", "NYA", "KS11");
    private static final double NINE_DIGITS = 1e-9;

    @TempDir static Path folder;
    private static LocalLake lake;
    private static Charts charts;
    private static Map<String, List<Quote>> byIndex;

    @BeforeAll
    static void readTheLake() throws Exception {
        List<Quote> quotes = TestLake.quotes(INDICES);
        Path table = folder.resolve("stock_market");
        TestLake.write(table, quotes, 4);
        lake = new LocalLake(table, table.toString(), TableDefinition.builtIn());
        lake.refresh();
        charts = new Charts(lake);
        byIndex = new HashMap<>();
        quotes.forEach(
                quote ->
                        byIndex.computeIfAbsent(quote.index(), index -> new ArrayList<>())
                                .add(quote));
    }

    @AfterAll
    static void close() {
        lake.close();
    }

    @Test
    void averagesAreOfTheLastTwentyFiftyAndTwoHundredCloses() throws Exception {
        List<Quote> all = byIndex.get("NYA");
        List<List<Object>> rows = rows("prices", "NYA", "2007-06-01", "2010-12-31");

        List<Quote> shown = between(all, "2007-06-01", "2010-12-31");
        assertThat(rows).hasSameSizeAs(shown).hasSizeGreaterThan(800);
        for (int i = 0; i < shown.size(); i++) {
            List<Object> row = rows.get(i);
            int at = all.indexOf(shown.get(i));
            // The year before is read, so that the first day has 100 days behind it, not 200.
            int behind = at - all.indexOf(between(all, "2006-01-01", "2010-12-31").get(0)) + 1;
            assertThat(row.get(0)).isEqualTo(shown.get(i).date());
            assertThat(row.get(4)).isEqualTo(shown.get(i).close());
            same(row.get(6), average(all, at, 20, behind));
            same(row.get(7), average(all, at, 50, behind));
            same(row.get(8), average(all, at, 200, behind));
        }
    }

    @Test
    void drawdownIsMeasuredFromTheHighestCloseSoFar() throws Exception {
        List<List<Object>> rows = rows("drawdown", "HSI", "1997-01-01", "2003-12-31");

        double highest = 0;
        List<Quote> shown = between(byIndex.get("HSI"), "1997-01-01", "2003-12-31");
        assertThat(rows).hasSameSizeAs(shown).hasSizeGreaterThan(1500);
        for (int i = 0; i < shown.size(); i++) {
            highest = Math.max(highest, shown.get(i).close());
            same(rows.get(i).get(2), (shown.get(i).close() - highest) / highest);
        }
    }

    @Test
    void aMonthHasItsFirstOpenHighestHighLowestLowLastCloseAndWholeVolume() throws Exception {
        List<List<Object>> rows = rows("prices", "NYA", "1990-03-05", "2010-12-31", "7");

        Map<String, List<Quote>> months =
                months(between(byIndex.get("NYA"), "1990-03-05", "2010-12-31"));
        assertThat(rows).hasSize(months.size()).hasSizeGreaterThan(240);
        int next = 0;
        for (List<Quote> month : months.values()) {
            List<Object> row = rows.get(next++);
            Quote last = month.get(month.size() - 1);
            assertThat(row.get(0)).isEqualTo(last.date());
            same(row.get(1), month.get(0).number(2));
            same(row.get(2), month.stream().mapToDouble(day -> day.number(3)).max().orElseThrow());
            same(row.get(3), month.stream().mapToDouble(day -> day.number(4)).min().orElseThrow());
            same(row.get(4), last.close());
            assertThat(((Number) row.get(5)).longValue())
                    .isEqualTo(month.stream().mapToLong(day -> (long) day.number(7)).sum());
            // From the year after the one before on, every day has 200 days behind it.
            if (last.date().compareTo("1991") > 0) {
                same(
                        row.get(8),
                        average(byIndex.get("NYA"), byIndex.get("NYA").indexOf(last), 200, 200));
            }
        }
    }

    @Test
    void aMonthsDrawdownIsItsDeepest() throws Exception {
        List<List<Object>> rows = rows("drawdown", "HSI", "1997-01-01", "2003-12-31", "7");

        Map<String, Double> deepest = new TreeMap<>();
        double highest = 0;
        for (Quote day : between(byIndex.get("HSI"), "1997-01-01", "2003-12-31")) {
            highest = Math.max(highest, day.close());
            deepest.merge(day.date().substring(0, 7), day.close() / highest - 1, Math::min);
        }
        assertThat(rows).hasSize(84);
        for (List<Object> row : rows) {
            same(row.get(2), deepest.get(row.get(0).toString().substring(0, 7)));
        }
    }

    @Test
    void correlationsAreThoseOfDailyReturnsOnCommonDays() throws Exception {
        List<List<Object>> rows = rows("correlations", "HSI", "1998-01-01", "2004-12-31");

        assertThat(rows).hasSize(14);
        for (List<Object> row : rows) {
            Map<String, Double> ours = returns("HSI", "1998-01-01", "2004-12-31");
            Map<String, Double> others = returns(row.get(0).toString(), "1998-01-01", "2004-12-31");
            List<String> days =
                    ours.keySet().stream()
                            .filter(others::containsKey)
                            .filter(day -> day.startsWith(row.get(1).toString()))
                            .toList();
            assertThat(row.get(2)).isEqualTo((long) days.size());
            same(
                    row.get(3),
                    correlation(
                            days.stream().map(ours::get).toList(),
                            days.stream().map(others::get).toList()));
        }
    }

    @Test
    void allIndicesBeginAtAHundredOnTheFirstDayByWhichAllHaveTraded() throws Exception {
        List<List<Object>> rows = rows("rebased", "HSI", "1997-01-01", "1999-12-31");

        String start = byIndex.get("KS11").get(0).date();
        int shown = 0;
        for (List<Quote> quotes : byIndex.values()) {
            List<Quote> days = between(quotes, start, "1999-12-31");
            shown += days.size();
            for (Quote day : days) {
                List<Object> row =
                        rows.stream()
                                .filter(one -> one.get(0).equals(day.index()))
                                .filter(one -> one.get(1).equals(day.date()))
                                .findFirst()
                                .orElseThrow();
                same(row.get(2), day.close() / days.get(0).close() * 100);
                assertThat(row.get(3)).isEqualTo(start);
            }
        }
        assertThat(rows).hasSize(shown);
    }

    @Test
    void worstDaysAreTheDeepestFallsFromDayToDay() throws Exception {
        List<List<Object>> rows = rows("worst_days", "NYA", "1987-01-01", "1990-12-31");

        List<Map.Entry<String, Double>> worst =
                returns("NYA", "1986-01-01", "1990-12-31").entrySet().stream()
                        .filter(day -> day.getKey().compareTo("1987-01-01") >= 0)
                        .sorted(Map.Entry.comparingByValue())
                        .limit(10)
                        .toList();
        assertThat(rows).hasSize(10);
        for (int i = 0; i < 10; i++) {
            assertThat(rows.get(i).get(0)).isEqualTo(worst.get(i).getKey());
            same(rows.get(i).get(2), worst.get(i).getValue());
        }
    }

    @Test
    void indicesAreCountedWithFirstAndLastDay() throws Exception {
        Charts.Answer answer = charts.answer("indices", Map.of("rows", "history")).orElseThrow();

        assertThat(answer.rows()).hasSize(INDICES.size());
        for (List<Object> row : answer.rows()) {
            List<Quote> quotes = byIndex.get(row.get(0).toString());
            assertThat(row.get(1)).isEqualTo((long) quotes.size());
            assertThat(row.get(4)).isEqualTo(quotes.get(0).date());
            assertThat(row.get(5)).isEqualTo(quotes.get(quotes.size() - 1).date());
            assertThat(row.get(9)).isEqualTo(quotes.get(quotes.size() - 1).close());
        }
    }

    @Test
    void theProjectsOwnPricesAreKnownToBeSynthetic() throws Exception {
        assertThat(charts.answer("synthetic", Map.of()).orElseThrow().first("synthetic"))
                .isEqualTo(true);
    }

    private static List<List<Object>> rows(String chart, String index, String from, String to)
            throws UnavailableException {
        return rows(chart, index, from, to, "10");
    }

    private static List<List<Object>> rows(
            String chart, String index, String from, String to, String letters)
            throws UnavailableException {
        Map<String, String> values =
                Map.of(
                        "index", index, "from", from, "to", to, "rows", "history", "letters",
                        letters);
        return charts.answer(chart, values).orElseThrow().rows();
    }

    private static Map<String, List<Quote>> months(List<Quote> quotes) {
        return quotes.stream()
                .collect(
                        Collectors.groupingBy(
                                quote -> quote.date().substring(0, 7),
                                TreeMap::new,
                                Collectors.toList()));
    }

    private static List<Quote> between(List<Quote> quotes, String from, String to) {
        return quotes.stream()
                .filter(quote -> quote.date().compareTo(from) >= 0)
                .filter(quote -> quote.date().compareTo(to) <= 0)
                .toList();
    }

    private static Double average(List<Quote> quotes, int at, int days, int behind) {
        if (behind < days) {
            return null;
        }
        double sum = 0;
        for (Quote quote : quotes.subList(at + 1 - days, at + 1)) {
            sum += quote.close();
        }
        return sum / days;
    }

    private static Map<String, Double> returns(String index, String from, String to) {
        Map<String, Double> returns = new TreeMap<>();
        List<Quote> quotes = between(byIndex.get(index), from, to);
        for (int i = 1; i < quotes.size(); i++) {
            double before = quotes.get(i - 1).close();
            returns.put(quotes.get(i).date(), (quotes.get(i).close() - before) / before);
        }
        return returns;
    }

    private static double correlation(List<Double> a, List<Double> b) {
        double meanA = a.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        double meanB = b.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        double together = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.size(); i++) {
            together += (a.get(i) - meanA) * (b.get(i) - meanB);
            squaresA += (a.get(i) - meanA) * (a.get(i) - meanA);
            squaresB += (b.get(i) - meanB) * (b.get(i) - meanB);
        }
        return together / Math.sqrt(squaresA * squaresB);
    }

    private static void same(Object shown, Double expected) {
        if (expected == null) {
            assertThat(shown).isNull();
            return;
        }
        assertThat((Double) shown)
                .isCloseTo(expected, within(NINE_DIGITS * Math.max(1e-3, Math.abs(expected))));
    }
}
