package io.quotelake.producer.csv;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.producer.terminal.UsageException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers and dates in random styles, written by one formatter and read back. */
class NumberAndDateStylesTest {

    private static final int FILES = 3_000;

    private static final Pattern JSON =
            Pattern.compile(
                    "\\{\"index\":\"HSI\",\"date\":\"([^\"]+)\",\"open\":([^,]+),\"high\":([^,]+),"
                            + "\"low\":([^,]+),\"close\":([^,]+),\"adj_close\":null,\"volume\":([^,]+),.*");

    /** What the reader may think of, written for the formatter of the platform. */
    private static final List<String> DATE_PATTERNS =
            List.of(
                    "uuuu-MM-dd",
                    "uuuu/MM/dd",
                    "uuuu.MM.dd",
                    "uuuuMMdd",
                    "dd/MM/uuuu",
                    "MM/dd/uuuu",
                    "d/M/uuuu",
                    "M/d/uuuu",
                    "dd.MM.uuuu",
                    "d.M.uuuu",
                    "dd-MM-uuuu",
                    "MM-dd-uuuu",
                    "dd/MM/uu",
                    "MM/dd/uu",
                    "d/M/uu",
                    "M/d/uu",
                    "uu/MM/dd",
                    "dd.MM.uu",
                    "uu.MM.dd",
                    "dd-MM-uu",
                    "MM-dd-uu",
                    "uu-MM-dd",
                    "dd-MMM-uuuu",
                    "dd-MMM-uu",
                    "d MMM uuuu",
                    "MMM d, uuuu",
                    "MMM dd, uuuu",
                    "MMMM d, uuuu",
                    "EEE, d MMM uuuu");

    @TempDir Path directory;

    /** What was written, and as which text. */
    private record Row(LocalDate date, List<BigDecimal> numbers, List<String> texts, String day) {}

    /**
     * @param decimal the sign before the fraction
     * @param group what stands between thousands; empty for nothing
     */
    private record Style(char decimal, String group, boolean lakh, String currency) {

        String text(BigDecimal number) {
            String[] parts = number.toPlainString().split("\\.");
            String whole = group.isEmpty() ? parts[0] : grouped(parts[0]);
            return currency + whole + (parts.length > 1 ? decimal + parts[1] : "");
        }

        private String grouped(String digits) {
            StringBuilder text = new StringBuilder();
            int size = 3;
            int end = digits.length();
            while (end > size) {
                text.insert(0, group + digits.substring(end - size, end));
                end -= size;
                size = lakh ? 2 : 3;
            }
            return digits.substring(0, end) + text;
        }
    }

    @Test
    void neverReadsAWrongValueAndRefusesOnlyWhereTwoReadingsExist() throws IOException {
        long seed = 20_240_229L;
        SplittableRandom random = new SplittableRandom(seed);
        int read = 0;
        for (int file = 0; file < FILES; file++) {
            Style style = style(random);
            String pattern = DATE_PATTERNS.get(random.nextInt(DATE_PATTERNS.size()));
            List<Row> rows = rows(random, style, pattern);
            char separator = ",;\t|".charAt(random.nextInt(4));
            String text = text(rows, separator);
            String about =
                    "seed %d, file %d, %s, dates %s:%n%s"
                            .formatted(seed, file, style, pattern, text);
            try {
                CsvText.Read result =
                        CsvText.read(CsvText.write(directory, text), "--as-index", "HSI");
                assertThat(result.rejected()).as(about).isEmpty();
                assertSame(result.json(), rows, about);
                read++;
            } catch (UsageException e) {
                boolean ofNumbers = e.getMessage().contains("--decimal");
                assertThat(ofNumbers ? numberReadings(rows, style) : dateReadings(rows, pattern))
                        .as(
                                "readings of a file that was refused with '%s'; %s",
                                e.getMessage(), about)
                        .isGreaterThan(1);
            }
        }
        assertThat(read).as("seed %d: files that were read", seed).isGreaterThan(FILES * 7 / 10);
    }

    private static void assertSame(List<String> json, List<Row> rows, String about) {
        assertThat(json).as(about).hasSameSizeAs(rows);
        for (int i = 0; i < rows.size(); i++) {
            Matcher quote = JSON.matcher(json.get(i));
            assertThat(quote.matches()).as(about + json.get(i)).isTrue();
            assertThat(quote.group(1)).as(about).isEqualTo(rows.get(i).date.toString());
            for (int number = 0; number < 5; number++) {
                assertThat(new BigDecimal(quote.group(2 + number)))
                        .as("row %d, number %d; %s", i, number, about)
                        .isEqualByComparingTo(rows.get(i).numbers.get(number));
            }
        }
    }

    private static Style style(SplittableRandom random) {
        char decimal = random.nextBoolean() ? '.' : ',';
        boolean lakh = decimal == '.' && random.nextInt(8) == 0;
        String[] groups = {"", decimal == '.' ? "," : ".", "'", "\u00a0", "\u202f", " "};
        return new Style(
                decimal,
                lakh ? "," : groups[random.nextInt(groups.length)],
                lakh,
                random.nextInt(6) == 0 ? "$" : "");
    }

    private static List<Row> rows(SplittableRandom random, Style style, String pattern) {
        DateTimeFormatter formatter = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
        int fraction = random.nextInt(5);
        int magnitude = random.nextInt(1, 6);
        LocalDate day = LocalDate.of(2001, 1, 1).plusDays(random.nextInt(8_000));
        List<Row> rows = new ArrayList<>();
        int count = random.nextInt(1, 40);
        for (int i = 0; i < count; i++) {
            List<BigDecimal> numbers = new ArrayList<>();
            for (int price = 0; price < 4; price++) {
                long units = random.nextLong((long) Math.pow(10, magnitude + fraction));
                numbers.add(BigDecimal.valueOf(units, fraction));
            }
            numbers.add(BigDecimal.valueOf(random.nextLong(1, 5_000_000)));
            rows.add(
                    new Row(
                            day,
                            numbers,
                            numbers.stream().map(style::text).toList(),
                            formatter.format(day)));
            day = day.plusDays(random.nextInt(1, 4));
        }
        return rows;
    }

    private static String text(List<Row> rows, char separator) {
        StringBuilder text = new StringBuilder("Date,Open,High,Low,Close,Volume\n");
        for (int i = 0; i < text.length(); i++) {
            text.setCharAt(i, text.charAt(i) == ',' ? separator : text.charAt(i));
        }
        for (Row row : rows) {
            text.append(quoted(row.day, separator));
            row.texts.forEach(cell -> text.append(separator).append(quoted(cell, separator)));
            text.append('\n');
        }
        return text.toString();
    }

    private static String quoted(String cell, char separator) {
        return cell.indexOf(separator) >= 0 ? '"' + cell + '"' : cell;
    }

    /** With how many decimal marks every number of the file is one. */
    private static long numberReadings(List<Row> rows, Style style) {
        long readings = 0;
        for (String marks : List.of(".,", ",.")) {
            String point = Pattern.quote(marks.substring(0, 1));
            String group = Pattern.quote(marks.substring(1));
            Pattern number =
                    Pattern.compile(
                            "(\\d+|[1-9]\\d{0,2}(%s\\d{3})+|[1-9]\\d?(%s\\d{2})*%s\\d{3})(%s\\d*)?"
                                    .formatted(group, group, group, point));
            boolean all =
                    rows.stream()
                            .flatMap(row -> row.texts.stream())
                            .map(text -> text.replace(style.currency, ""))
                            .map(text -> text.replaceAll("['\u00a0\u202f ]", ""))
                            .allMatch(text -> number.matcher(text).matches());
            readings += all ? 1 : 0;
        }
        return readings;
    }

    /** How many patterns read every date of the file as a day of the past. */
    private static long dateReadings(List<Row> rows, String written) {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        return DATE_PATTERNS.stream()
                .map(
                        pattern ->
                                pattern.replace("dd", "d")
                                        .replaceAll("M+", written.contains("MMM") ? "MMM" : "M"))
                .distinct()
                .filter(pattern -> rows.stream().allMatch(row -> isDay(row.day, pattern, today)))
                .count();
    }

    private static boolean isDay(String text, String pattern, LocalDate today) {
        try {
            LocalDate day =
                    LocalDate.parse(
                            text,
                            DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)
                                    .withResolverStyle(ResolverStyle.STRICT));
            return pattern.matches(".*(?<!u)uu(?!u).*") || !day.isAfter(today);
        } catch (DateTimeException e) {
            return false;
        }
    }
}
