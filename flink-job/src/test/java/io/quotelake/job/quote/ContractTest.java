package io.quotelake.job.quote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.job.Document;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each example of docs/contract.md gives what the page says. */
class ContractTest {

    private static final Document CONTRACT = Document.of("docs/contract.md");

    private static final List<String> JSON = CONTRACT.blocks("json");

    @Test
    void theQuoteGivesTheRowInBothSpellings() {
        String row = JSON.get(2) + "\n";

        assertThat(ParsedRow.of(JSON.get(0)).line()).isEqualTo(row);
        assertThat(ParsedRow.of(JSON.get(1)).line()).isEqualTo(row);
    }

    @Test
    void theTableOfFieldsIsTheParsers() {
        assertThat(CONTRACT.rows("field").stream().map(row -> row.subList(0, 3)))
                .containsExactlyElementsOf(
                        Arrays.stream(QuoteField.values())
                                .map(
                                        field ->
                                                List.of(
                                                        code(field.key()),
                                                        code(field.tutorialKey()),
                                                        field.isRequired() ? "yes" : "no"))
                                .toList());
    }

    @Test
    void eachGranularityGivesTheFolder() {
        Quote quote = new Quote();
        assertThat(new QuoteParser(1 << 20).parse(JSON.get(0).getBytes(UTF_8), quote)).isNull();

        Map<String, String> folders = CONTRACT.table("`--date-granularity`");

        assertThat(folders).hasSize(DateGranularity.values().length);
        for (DateGranularity granularity : DateGranularity.values()) {
            assertThat(folders.get(code(granularity.name().toLowerCase(Locale.ROOT))))
                    .isEqualTo(code(new Folders(granularity).of(quote)));
        }
    }

    @Test
    void theReasonsAreAllThatThereAreInTheirOrder() {
        assertThat(reasons().stream().map(row -> row.get(0)))
                .containsExactlyElementsOf(
                        Arrays.stream(DeadLetterReason.values())
                                .map(reason -> code(reason.label()))
                                .toList());
    }

    @ParameterizedTest
    @MethodSource("reasons")
    void theExampleOfAReasonGetsItAndItsDetail(List<String> row) {
        Rejection rejection = ParsedRow.of(bytes(row.get(2))).rejection();

        assertThat(code(rejection.reason().label())).isEqualTo(row.get(0));
        assertThat(code(rejection.detail())).isEqualTo(row.get(3));
    }

    static List<List<String>> reasons() {
        return CONTRACT.rows("reason");
    }

    /** The bytes of an example; of "1,048,577 bytes" only the number matters. */
    private static byte[] bytes(String example) {
        return example.endsWith(" bytes")
                ? new byte[Integer.parseInt(example.replaceAll("\\D", ""))]
                : example.replace("`", "").getBytes(UTF_8);
    }

    private static String code(String text) {
        return "`" + text + "`";
    }
}
