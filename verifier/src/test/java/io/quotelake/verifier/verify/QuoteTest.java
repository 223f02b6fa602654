package io.quotelake.verifier.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuoteTest {
    private static final String CANONICAL =
            "{\"index\":\"HSI\",\"date\":\"1986-12-31\",\"open\":2568.300049,\"high\":2568.300049,\"low\":2568.3,"
                    + "\"close\":2568.300049,\"adj_close\":2568.300049,\"volume\":0,\"close_usd\":333.87900637}";

    @Test
    void theTutorialsSpellingIsTheSameQuote() {
        String tutorial =
                "{\"Index\":\"HSI\",\"Date\":\"1986-12-31\",\"Open\":2568.300049,\"High\":2568.300049,\"Low\":2568.3,"
                        + "\"Close\":2568.300049,\"Adj Close\":2568.300049,\"Volume\":0.0,\"CloseUSD\":333.87900637}";

        assertThat(quote(tutorial)).isPresent().isEqualTo(quote(CANONICAL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "NaN"})
    void theTwoDerivedPricesMayBeAbsent(String absent) {
        String json =
                CANONICAL
                        .replace("\"adj_close\":2568.300049", "\"adj_close\":" + absent)
                        .replace(",\"close_usd\":333.87900637", "");

        assertThat(quote(json))
                .hasValueSatisfying(
                        quote -> {
                            assertThat(quote.adjCloseText()).isNull();
                            assertThat(quote.closeUsdText()).isNull();
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"index\":\"HSI\"}",
                "'index':'../x'",
                "'index':'a..b'",
                "'index':''",
                "'index':5",
                "'date':'2023-02-29'",
                "'date':'31/12/1986'",
                "'open':NaN",
                "'open':Infinity",
                "'open':1E999",
                "'open':'2568.3'",
                "'open':null",
                "'open':9999.0",
                "'close':1.0",
                "'volume':-1",
                "'volume':0.5",
                "'volume':1E-1",
                "'volume':9223372036854775808",
                "'volume':1E999999999",
                "'volume':1E-99999999999",
                "'adj_close':Infinity",
                "'close_usd':'x'"
            })
    void everythingElseIsNone(String change) {
        String json = change.startsWith("'") ? changed(change.replace('\'', '"')) : change;

        assertThat(quote(json)).isEmpty();
    }

    @Test
    void aFieldThatStandsThereTwiceOrSomethingBehindTheObjectMakesItNone() {
        assertThat(quote(CANONICAL.replace("}", ",\"Open\":1.0}"))).isEmpty();
        assertThat(quote(CANONICAL + "{}")).isEmpty();
        assertThat(quote(CANONICAL.replace("HSI", "HSI\u00e9"))).isEmpty();
    }

    @Test
    void volumesReachTheLargestLong() {
        assertThat(quote(changed("\"volume\":9.223372036854775807E18")))
                .hasValueSatisfying(quote -> assertThat(quote.volume()).isEqualTo(Long.MAX_VALUE));
    }

    private static String changed(String field) {
        String name = field.substring(0, field.indexOf(':'));
        return CANONICAL.replaceFirst(name + ":(\"[^\"]*\"|[^,}]*)", field);
    }

    private static java.util.Optional<Quote> quote(String json) {
        return Quote.of(json.getBytes(UTF_8));
    }
}
