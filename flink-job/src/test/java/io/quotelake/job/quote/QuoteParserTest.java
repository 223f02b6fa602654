package io.quotelake.job.quote;

import static io.quotelake.job.quote.DeadLetterReason.BAD_DATE;
import static io.quotelake.job.quote.DeadLetterReason.BAD_INDEX;
import static io.quotelake.job.quote.DeadLetterReason.BAD_NUMBER;
import static io.quotelake.job.quote.DeadLetterReason.EMPTY;
import static io.quotelake.job.quote.DeadLetterReason.INCONSISTENT_PRICES;
import static io.quotelake.job.quote.DeadLetterReason.MISSING_FIELD;
import static io.quotelake.job.quote.DeadLetterReason.NOT_JSON;
import static io.quotelake.job.quote.DeadLetterReason.TOO_LARGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.job.quote.RandomQuotes.Spelling;
import io.quotelake.job.quote.RandomQuotes.Values;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuoteParserTest {

    private static final String QUOTE =
            "{\"index\":\"HSI\",\"date\":\"1986-12-31\",\"open\":2568.300049,\"high\":2568.300049,"
                    + "\"low\":2568.300049,\"close\":2568.300049,\"adj_close\":2568.300049,"
                    + "\"volume\":0,\"close_usd\":333.87900637}";

    private static String with(String key, String value) {
        return QUOTE.replaceFirst(
                "\"" + key + "\":(\"[^\"]*\"|[^,}]*)",
                Matcher.quoteReplacement("\"" + key + "\":" + value));
    }

    private static String without(String key) {
        return QUOTE.replaceFirst(",?\"" + key + "\":(\"[^\"]*\"|[^,}]*)", "").replace("{,", "{");
    }

    private static void assertRejected(String value, DeadLetterReason reason) {
        ParsedRow parsed = ParsedRow.of(value);
        assertThat(parsed.rejection()).as(value).isNotNull();
        assertThat(parsed.rejection().reason()).as(value).isEqualTo(reason);
        assertThat(parsed.rejection().detail()).isNotBlank();
    }

    @Nested
    class Rows {

        @Test
        void aQuoteBecomesTheRowOfTheContract() {
            ParsedRow row = ParsedRow.of(QUOTE);

            assertThat(row.folder()).isEqualTo("index=HSI/date=1986-12-31");
            assertThat(row.line())
                    .isEqualTo(
                            "{\"trade_date\":\"1986-12-31\",\"open\":2568.300049,"
                                    + "\"high\":2568.300049,\"low\":2568.300049,"
                                    + "\"close\":2568.300049,\"adj_close\":2568.300049,"
                                    + "\"volume\":0,\"close_usd\":333.87900637,"
                                    + "\"kafka_partition\":3,\"kafka_offset\":1207,"
                                    + "\"kafka_timestamp\":\"2026-01-05T09:30:00.123Z\"}\n");
        }

        @Test
        void theTutorialsSpellingGivesTheSameRow() {
            String tutorial =
                    "{\"Index\": \"HSI\", \"Date\": \"1986-12-31\", \"Open\": 2568.300049, \"High\":"
                            + " 2568.300049, \"Low\": 2568.300049, \"Close\": 2568.300049, \"Adj"
                            + " Close\": 2568.300049, \"Volume\": 0.0, \"CloseUSD\": 333.87900637}";

            assertThat(ParsedRow.of(tutorial)).isEqualTo(ParsedRow.of(QUOTE));
        }

        @ParameterizedTest
        @EnumSource(Spelling.class)
        void whatGoesInComesOutBitForBit(Spelling spelling) throws IOException {
            for (long seed = 0; seed < 5_000; seed++) {
                RandomQuotes quotes = new RandomQuotes(seed);
                Values values = quotes.values();
                byte[] json = quotes.json(values, spelling);

                ParsedRow row = ParsedRow.of(json);

                String what = "seed " + seed + ": " + new String(json, StandardCharsets.UTF_8);
                assertThat(row.rejection()).as(what).isNull();
                assertThat(row.values()).as(what).isEqualTo(values);
                assertThat(row.folder())
                        .isEqualTo("index=" + values.index() + "/date=" + values.date());
                assertThat(row.keys())
                        .containsExactly(
                                "trade_date",
                                "open",
                                "high",
                                "low",
                                "close",
                                "adj_close",
                                "volume",
                                "close_usd",
                                "kafka_partition",
                                "kafka_offset",
                                "kafka_timestamp");
            }
        }

        @ParameterizedTest
        @CsvSource({
            "2568, 2568.0",
            "1e3, 1000.0",
            "1E+3, 1000.0",
            "-0.0, -0.0",
            "-0, -0.0",
            "1e-400, 0.0",
            "25.10, 25.10",
            "319.96437252000004, 319.96437252000004",
            "0.1000000000000000055511151231257827, 0.1",
            "1e22, 1.0E22",
            "-37.63, -37.63"
        })
        void pricesAlwaysCarryAPoint(String price, String expected) {
            assertThat(ParsedRow.of(with("close_usd", price)).line())
                    .contains("\"close_usd\":" + expected + ",");
        }

        @ParameterizedTest
        @CsvSource({
            "0.0, 0",
            "-0.0, 0",
            "0E5, 0",
            "0e-999999, 0",
            "1E3, 1000",
            "1.5e1, 15",
            "12.000, 12",
            "123456789012, 123456789012",
            "9223372036854775807, 9223372036854775807",
            "9223372036854775807.0, 9223372036854775807",
            "9.223372036854775807e18, 9223372036854775807"
        })
        void volumesNeverCarryAPoint(String volume, String expected) {
            assertThat(ParsedRow.of(with("volume", volume)).line())
                    .contains("\"volume\":" + expected + ",");
        }

        @ParameterizedTest
        @ValueSource(strings = {"adj_close", "close_usd"})
        void optionalFieldsAreNullWhenMissingNullOrNaN(String key) {
            String expected = "\"" + key + "\":null";

            assertThat(ParsedRow.of(without(key)).line()).contains(expected);
            assertThat(ParsedRow.of(with(key, "null")).line()).contains(expected);
            assertThat(ParsedRow.of(with(key, "NaN")).line()).contains(expected);
        }

        @Test
        void negativePricesAreQuotes() {
            String oil = QUOTE.replace("2568.300049", "-37.63");

            assertThat(ParsedRow.of(oil).line()).contains("\"open\":-37.63,");
        }

        @Test
        void unknownFieldsEscapesAndBlanksAreFine() {
            String odd =
                    " \n"
                            + with("index", "\"\\u0048SI\"")
                                    .replace("{", "{\"index_name\" : {\"a\":[1,{}]},\t")
                                    .replace("\"date\"", "\"d\\u0061te\"")
                            + "\r\n ";

            assertThat(ParsedRow.of(odd)).isEqualTo(ParsedRow.of(QUOTE));
        }

        @Test
        void daysOfTheWholeIsoCalendarAreDates() {
            assertThat(ParsedRow.of(with("date", "\"2024-02-29\"")).folder())
                    .isEqualTo("index=HSI/date=2024-02-29");
            assertThat(ParsedRow.of(with("date", "\"9999-12-31\"")).folder())
                    .isEqualTo("index=HSI/date=9999-12-31");
            assertThat(ParsedRow.of(with("date", "\"0000-01-01\"")).folder())
                    .isEqualTo("index=HSI/date=0000-01-01");
        }
    }

    @Nested
    class Rejections {

        @Test
        void nothingIsEmpty() {
            assertThat(ParsedRow.of((byte[]) null).rejection().reason()).isEqualTo(EMPTY);
            assertRejected("", EMPTY);
        }

        @Test
        void aValueBeyondTheLimitIsTooLargeAndNotRead() {
            String padded = QUOTE + " ".repeat((1 << 20) + 1 - QUOTE.length());

            assertRejected(padded, TOO_LARGE);
            assertThat(ParsedRow.of(padded.substring(0, 1 << 20)).rejection()).isNull();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "  ",
                    "[]",
                    "null",
                    "42",
                    "\"HSI\"",
                    "{",
                    "{\"index\":\"HSI\"",
                    "{\"index\":\"HSI\",}",
                    "{'index':'HSI'}",
                    "{index:\"HSI\"}",
                    "{\"open\":01.5}",
                    "{\"open\":1.}",
                    "{\"open\":.5}",
                    "{\"open\":+1.5}",
                    "{\"open\":0x10}",
                    "{\"index\":\"H\tSI\"}",
                    "{\"index\":\"H\u0000SI\"}",
                    "{\"index\":\"\\x\"}",
                    "HSI,1986-12-31,2568.300049"
                })
        void whatIsNotOneJsonObjectIsNotJson(String value) {
            assertRejected(value, NOT_JSON);
        }

        @ParameterizedTest
        @ValueSource(strings = {"x", "{}", ",", "\u0000", "\uFEFF"})
        void trailingAndLeadingBytesAreNotJson(String more) {
            assertRejected(QUOTE + more, NOT_JSON);
            assertRejected(more + QUOTE, NOT_JSON);
        }

        @Test
        void aFieldThatStandsTwiceIsNotJson() {
            assertRejected(QUOTE.replace("{", "{\"index\":\"HSI\","), NOT_JSON);
            assertRejected(QUOTE.replace("{", "{\"Adj Close\":1.0,"), NOT_JSON);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "c3",
                    "80",
                    "c080",
                    "eda080",
                    "edb080",
                    "f4908080",
                    "f8888080",
                    "fe",
                    "e282"
                })
        void invalidUtf8IsNotJson(String hex) {
            // Latin-1 carries the bytes through the text; the sequences are from RFC 3629, section
            // 3.
            String bytes = new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
            String value = QUOTE.replace("{", "{\"name\":\"" + bytes + "\",");

            Rejection rejection =
                    ParsedRow.of(value.getBytes(StandardCharsets.ISO_8859_1)).rejection();

            assertThat(rejection.reason()).isEqualTo(NOT_JSON);
        }

        @Test
        void otherEncodingsAreNotJson() {
            assertThat(ParsedRow.of(QUOTE.getBytes(StandardCharsets.UTF_16)).rejection().reason())
                    .isEqualTo(NOT_JSON);
            assertThat(ParsedRow.of(QUOTE.getBytes(StandardCharsets.UTF_16LE)).rejection().reason())
                    .isEqualTo(NOT_JSON);
        }

        @Test
        void deepNestingIsNotJsonAndShallowNestingIsIgnored() {
            assertRejected(QUOTE.replace("{", "{\"x\":" + "[".repeat(500_000) + ","), NOT_JSON);
            assertRejected(
                    QUOTE.replace("{", "{\"x\":" + "[".repeat(2_000) + "]".repeat(2_000) + ","),
                    NOT_JSON);
            assertThat(
                            ParsedRow.of(
                                            QUOTE.replace(
                                                    "{",
                                                    "{\"x\":"
                                                            + "[".repeat(500)
                                                            + "]".repeat(500)
                                                            + ","))
                                    .rejection())
                    .isNull();
        }

        @Test
        void hugeNamesTextsAndNumbersInUnknownFieldsAreIgnored() {
            String huge = "9".repeat(200_000);

            assertThat(ParsedRow.of(QUOTE.replace("{", "{\"x\":" + huge + ",")).rejection())
                    .isNull();
            assertThat(ParsedRow.of(QUOTE.replace("{", "{\"x\":\"" + huge + "\",")).rejection())
                    .isNull();
            assertThat(ParsedRow.of(QUOTE.replace("{", "{\"" + huge + "\":1,")).rejection())
                    .isNull();
        }

        @ParameterizedTest
        @ValueSource(strings = {"index", "date", "open", "high", "low", "close", "volume"})
        void requiredFieldsMayNotBeMissingNullOrNaN(String key) {
            assertRejected(without(key), MISSING_FIELD);
            assertRejected(with(key, "null"), MISSING_FIELD);
            assertRejected(with(key, "NaN"), MISSING_FIELD);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "../../x",
                    "a/b",
                    "x=y",
                    "..",
                    "a..b",
                    ".hidden",
                    "_x",
                    "-x",
                    " HSI",
                    "HSI ",
                    "H\\u0000",
                    "H\\nSI",
                    "H%2F",
                    "\\u00c4X",
                    "x\\\\y",
                    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456"
                })
        void anIndexThatIsNoFolderIsBad(String index) {
            assertRejected(with("index", "\"" + index + "\""), BAD_INDEX);
        }

        @ParameterizedTest
        @ValueSource(strings = {"7", "true", "{}", "[\"HSI\"]"})
        void anIndexThatIsNoTextIsBad(String index) {
            assertRejected(with("index", index), BAD_INDEX);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\"2023-02-29\"",
                    "\"1900-02-29\"",
                    "\"2021-04-31\"",
                    "\"2021-13-01\"",
                    "\"2021-00-10\"",
                    "\"2021-01-00\"",
                    "\"10000-01-01\"",
                    "\"+10000-01-01\"",
                    "\"-001-01-01\"",
                    "\"21-01-01\"",
                    "\"29/06/1979\"",
                    "\"2021-1-1\"",
                    "\"2021-01-01T00:00:00\"",
                    "\"2021-01-01 \"",
                    "\"2021x01-01\"",
                    "\"\"",
                    "20210101",
                    "[]"
                })
        void whatIsNoDayIsABadDate(String date) {
            assertRejected(with("date", date), BAD_DATE);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "1e400",
                    "-1e400",
                    "Infinity",
                    "-Infinity",
                    "\"12.5\"",
                    "\"NaN\"",
                    "true",
                    "{}"
                })
        void whatIsNoFiniteNumberIsABadPrice(String price) {
            assertRejected(with("open", price), BAD_NUMBER);
            assertRejected(with("adj_close", price), BAD_NUMBER);
        }

        @Test
        void aNumberOfAThousandsDigitsIsBad() {
            assertRejected(with("open", "1".repeat(1_001)), BAD_NUMBER);
            assertRejected(with("open", "1." + "0".repeat(999_000)), BAD_NUMBER);
            assertRejected(with("volume", "1".repeat(900_000)), BAD_NUMBER);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "9223372036854775808",
                    "9223372036854775807.5",
                    "18446744073709551616",
                    "5.18446744073709551616",
                    "-1",
                    "0.5",
                    "1e-1",
                    "1e-999999999",
                    "1e19",
                    "1e999999999",
                    "1e99999999999",
                    "-1e999999999",
                    "Infinity",
                    "\"0\"",
                    "false"
                })
        void whatIsNoWholeNumberOf63BitsIsABadVolume(String volume) {
            assertRejected(with("volume", volume), BAD_NUMBER);
        }

        @ParameterizedTest
        @CsvSource({"low, 2568.30005", "high, 2568.300048", "open, 1.0", "close, 9999"})
        void pricesOutsideOfLowAndHighAreInconsistent(String key, String price) {
            assertRejected(with(key, price), INCONSISTENT_PRICES);
        }

        @Test
        void theFirstReasonOfTheListIsTheOneThatIsGiven() {
            String manyFaults =
                    with("index", "\"a/b\"")
                            .replace("1986-12-31", "1986-13-31")
                            .replace("0,", "-1,");

            assertRejected(manyFaults, BAD_INDEX);
            assertRejected(manyFaults.replace("\"high\":2568.300049,", ""), MISSING_FIELD);
            assertRejected(manyFaults + "x", NOT_JSON);
        }
    }
}
