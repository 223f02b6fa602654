package io.quotelake.producer.csv;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.producer.Run;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of vendors in docs/producer.md: each of its rows names an example in the vendor's form,
 * and the options that send it. All examples hold the same three days of an invented index.
 */
class VendorFilesTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "producer.md");
    private static final Path EXAMPLES =
            Path.of("src/test/resources/io/quotelake/producer/csv/vendors");
    private static final Pattern ROW =
            Pattern.compile("\\| [^|]+ \\| \\[([a-z0-9-]+)]\\([^)]+\\) \\| (?:`([^`]+)`)? *\\|");
    private static final Pattern WORD = Pattern.compile("[^\\s']*'[^']*'|\\S+");

    private static final String NEWEST_DAY = "\"date\":\"2024-06-14\"";
    private static final Map<String, String> PRICES =
            Map.of("open", "12140.14", "high", "12144.89", "low", "12049.04", "close", "12084.30");
    private static final String ADJUSTED = "12000.10";
    private static final String VOLUME = "69170000";

    @TempDir private Path directory;

    /** One row of the table. */
    private record Vendor(String example, List<String> options) {}

    @ParameterizedTest
    @MethodSource("vendors")
    void sendsTheExampleWithTheOptionsOfTheTable(Vendor vendor) throws IOException {
        Path file = EXAMPLES.resolve(vendor.example + ".csv");
        List<String> arguments = new ArrayList<>(List.of("replay", file.toString(), "--dry-run"));
        arguments.addAll(List.of("--rejects", directory.resolve("rejects.csv").toString()));
        arguments.addAll(vendor.options);

        Run run = Run.of(arguments.toArray(String[]::new));

        assertThat(run.code()).as(run.err()).isZero();
        List<String> newest = run.out().lines().filter(line -> line.contains(NEWEST_DAY)).toList();
        String quote = newest.get(0);
        PRICES.forEach((field, price) -> assertNumber(quote, field, price));
        boolean without = vendor.options.contains("--missing-volume");
        assertNumber(quote, "volume", without ? "0" : VOLUME);
        String header = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (header.matches("(?is).*adj.*")) {
            assertNumber(quote, "adj_close", ADJUSTED);
        } else {
            assertThat(quote).contains("\"adj_close\":null");
        }
        assertThat(run.err()).doesNotContain("dead letters");
    }

    private static void assertNumber(String quote, String field, String number) {
        Matcher value = Pattern.compile("\"" + field + "\":([^,}]+)").matcher(quote);
        assertThat(value.find()).as(quote).isTrue();
        assertThat(value.group(1)).as(quote).isNotEqualTo("null");
        assertThat(new BigDecimal(value.group(1))).as(quote).isEqualByComparingTo(number);
    }

    @Test
    void namesEveryExample() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            assertThat(vendors().map(Vendor::example))
                    .containsExactlyInAnyOrderElementsOf(
                            files.map(file -> file.getFileName().toString().replace(".csv", ""))
                                    .toList());
        }
    }

    @Test
    void printsTheNamesOfColumnsAsTheProgramKnowsThem() throws IOException {
        assertThat(Files.readAllLines(DOCUMENT)).containsSubsequence(ColumnNames.table());
    }

    static Stream<Vendor> vendors() throws IOException {
        return Files.readAllLines(DOCUMENT).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(
                        row ->
                                new Vendor(
                                        row.group(1),
                                        row.group(2) == null
                                                ? List.of()
                                                : WORD.matcher(row.group(2))
                                                        .results()
                                                        .map(word -> word.group().replace("'", ""))
                                                        .toList()));
    }
}
