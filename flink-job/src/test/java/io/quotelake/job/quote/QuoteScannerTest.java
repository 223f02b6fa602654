package io.quotelake.job.quote;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.job.quote.RandomQuotes.Spelling;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/**
 * The scanner beside the reference: whatever it accepts, the reference accepts, with the same row.
 */
class QuoteScannerTest {

    private final QuoteScanner scanner = new QuoteScanner();
    private final JsonQuoteReader reader = new JsonQuoteReader();

    @Test
    void agreesWithTheReferenceOnHostileRecords() {
        int scanned = 0;
        for (long seed = 0; seed < 100_000; seed++) {
            byte[] value = HostileRecords.value(seed);
            if (value != null && value.length < 1 << 20) {
                scanned += assertAgreement(value, seed) ? 1 : 0;
            }
        }
        assertThat(scanned).as("values that the scanner took").isGreaterThan(5_000);
    }

    @Test
    void agreesWithTheReferenceOnValidQuotes() {
        for (long seed = 0; seed < 30_000; seed++) {
            RandomQuotes quotes = new RandomQuotes(seed);
            assertAgreement(quotes.json(quotes.values(), Spelling.MIXED), seed);
        }
    }

    @Test
    void takesWhatWellBehavedProducersSend() {
        String project =
                "{\"index\":\"HSI\",\"date\":\"1986-12-31\",\"open\":2568.300049,\"high\":2568.300049,"
                        + "\"low\":2568.300049,\"close\":2568.300049,\"adj_close\":null,"
                        + "\"volume\":1234567,\"close_usd\":319.96437252000004}";
        String tutorial =
                "{\"Index\": \"HSI\", \"Date\": \"1986-12-31\", \"Open\": 319.96437252000004,"
                        + " \"High\": 319.96437252000004, \"Low\": 319.96437252000004, \"Close\":"
                        + " 319.96437252000004, \"Adj Close\": 2568.300049, \"Volume\": 0.0,"
                        + " \"CloseUSD\": NaN}";

        assertThat(scanner.scan(project.getBytes(StandardCharsets.UTF_8), new Quote())).isTrue();
        assertThat(scanner.scan(tutorial.getBytes(StandardCharsets.UTF_8), new Quote())).isTrue();
    }

    /** Whether the scanner took it. */
    private boolean assertAgreement(byte[] value, long seed) {
        Quote scanned = new Quote();
        if (!scanner.scan(value, scanned)) {
            return false;
        }
        Quote read = new Quote();
        Rejection rejection = reader.read(value, read);

        String what = "seed " + seed + ": " + new String(value, StandardCharsets.UTF_8);
        assertThat(rejection).as(what).isNull();
        assertThat(ParsedRow.of(scanned)).as(what).isEqualTo(ParsedRow.of(read));
        for (QuoteField field :
                new QuoteField[] {
                    QuoteField.OPEN, QuoteField.HIGH, QuoteField.LOW, QuoteField.CLOSE
                }) {
            assertThat(scanned.price(field)).as(what).isEqualTo(read.price(field));
        }
        return true;
    }
}
