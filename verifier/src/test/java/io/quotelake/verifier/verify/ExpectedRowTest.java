package io.quotelake.verifier.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpectedRowTest {
    private static final Path CONTRACT = Path.of("..", "docs", "contract.md");
    private static final long TIME = Instant.parse("2026-01-05T09:30:00.123Z").toEpochMilli();
    private static final String ROW =
            "{\"trade_date\":\"1986-12-31\",\"open\":2568.300049,\"high\":2568.300049,\"low\":2568.0,"
                    + "\"close\":2568.300049,\"adj_close\":null,\"volume\":12,\"close_usd\":0.1234567890123456789,"
                    + "\"kafka_partition\":3,\"kafka_offset\":1207,\"kafka_timestamp\":\"2026-01-05T09:30:00.123Z\"}";

    private static final String QUOTE =
            "{\"index\":\"HSI\",\"date\":\"1986-12-31\",\"open\":2568.300049,\"high\":2568.300049,\"low\":2568,"
                    + "\"close\":2568.300049,\"volume\":12,\"close_usd\":0.1234567890123456789}";

    private final ExpectedRow expected = new ExpectedRow(quote(), TIME);

    @Test
    void theDesignsRowIsTheRow() {
        assertThat(differences(ROW)).isEmpty();
        assertThat(expected.folder(Granularity.month)).isEqualTo("index=HSI/date=1986-12");
    }

    @Test
    void theContractsQuoteInBothSpellingsGivesItsRow() throws IOException {
        List<String> examples =
                Pattern.compile("```json\n(.*)\n```")
                        .matcher(Files.readString(CONTRACT))
                        .results()
                        .map(example -> example.group(1))
                        .toList();
        LakeRow row = LakeRow.of(examples.get(2)).orElseThrow();

        for (String quote : examples.subList(0, 2)) {
            ExpectedRow expectedRow =
                    new ExpectedRow(Quote.of(quote.getBytes(UTF_8)).orElseThrow(), TIME);
            assertThat(expectedRow.differences(row)).isEmpty();
        }
    }

    @Test
    void theShortestDigitsOfTheSameDoubleAreTheSamePrice() {
        assertThat(differences(ROW.replace("0.1234567890123456789", "0.12345678901234568")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.0E23", "1.9999999999999998E23"})
    void theDigitsOfEveryJavaVersionAreTheSamePrice(String digits) {
        Quote large =
                Quote.of(QUOTE.replace("0.1234567890123456789", "2E23").getBytes(UTF_8))
                        .orElseThrow();

        assertThat(
                        new ExpectedRow(large, TIME)
                                .differences(
                                        LakeRow.of(ROW.replace("0.1234567890123456789", digits))
                                                .orElseThrow()))
                .isEmpty();
    }

    @Test
    void aDigitThatNoDoubleHoldsCannotChangeUnseen() {
        assertThat(differences(ROW.replace("0.1234567890123456789", "0.1234567890123456788")))
                .containsExactly(
                        "close_usd is 0.1234567890123456788 instead of 0.1234567890123456789");
    }

    /** Each character of a row is its content or its form: none can change without being seen. */
    @Test
    void noByteOfARowCanChangeUnseen() {
        for (int i = 0; i < ROW.length(); i++) {
            for (char other : new char[] {'0', '7', 'x', ' ', '"', '-', '.'}) {
                if (ROW.charAt(i) == other) {
                    continue;
                }
                String altered = ROW.substring(0, i) + other + ROW.substring(i + 1);

                boolean isSeen =
                        LakeRow.of(altered)
                                .map(
                                        row ->
                                                !expected.differences(row).isEmpty()
                                                        || row.partition() != 3
                                                        || row.offset() != 1207)
                                .orElse(true);

                assertThat(isSeen).as(altered).isTrue();
            }
        }
    }

    @Test
    void aRowThatWasWrittenWithoutLineageIsToldFromAnAlteredOne() {
        String without = ROW.substring(0, ROW.indexOf(",\"kafka_partition")) + "}";

        assertThat(LakeRow.lacksLineage(without)).isTrue();
        assertThat(LakeRow.lacksLineage(ROW.replace("kafka_offset", "kafka_offsed"))).isFalse();
    }

    private List<String> differences(String row) {
        return expected.differences(LakeRow.of(row).orElseThrow());
    }

    private static Quote quote() {
        return Quote.of(QUOTE.getBytes(UTF_8)).orElseThrow();
    }
}
