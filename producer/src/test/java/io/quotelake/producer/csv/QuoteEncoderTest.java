package io.quotelake.producer.csv;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuoteEncoderTest {

    @TempDir Path directory;

    @Test
    void writesAllFieldsInTheOrderOfTheDesignWithTheDigitsOfTheFile() throws IOException {
        assertThat(read(CsvText.ROW).json()).containsExactly(CsvText.JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "null", "NULL", "NaN", "nan", " NaN ", "-", "--", "N/A", "#N/A", "n.a.", "."
            })
    void writesNullForCellsWithoutANumber(String cell) throws IOException {
        CsvText.Read read = read("HSI,1986-12-31,%s,2,1,1.5,%s,%s,\n".formatted(cell, cell, cell));

        assertThat(read.json())
                .containsExactly(
                        "{\"index\":\"HSI\",\"date\":\"1986-12-31\",\"open\":null,\"high\":2,"
                                + "\"low\":1,\"close\":1.5,\"adj_close\":null,\"volume\":null,\"close_usd\":null}");
    }

    @Test
    void writesNullForAnIndexOrDateThatIsMissing() throws IOException {
        assertThat(read(",,1,1,1,1,1,1,1\n").json())
                .singleElement()
                .asString()
                .startsWith("{\"index\":null,\"date\":null,\"open\":1,");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1|1",
                "-0.5|-0.5",
                "16110.59961|16110.59961",
                "0.10|0.10",
                "1e5|1e5",
                "1.5E-3|1.5E-3",
                "+1.5|1.5",
                ".5|0.5",
                "-.5|-0.5",
                "5.|5",
                "007.50|7.50",
                "2,568.30|2568.30",
                "1,234,567|1234567",
                "123456789012345678901234567890.123|123456789012345678901234567890.123"
            })
    void copiesJsonNumbersAndNormalisesOthers(String cell, String json) throws IOException {
        assertThat(read("HSI,1986-12-31,\"%s\",1,1,1,1,1,1\n".formatted(cell)).json())
                .singleElement()
                .asString()
                .contains("\"open\":" + json + ",");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|0",
                "0.0|0",
                "13524100000|13524100000",
                "1495365300.0|1495365300",
                "1495365300.000|1495365300",
                "1.4953653E9|1495365300",
                "9223372036854775807.0|9223372036854775807",
                "1,495,365,300|1495365300",
                "12.5|12.5",
                "-1.0|-1"
            })
    void writesWholeVolumesWithoutAFraction(String cell, String json) throws IOException {
        assertThat(read("HSI,1986-12-31,1,1,1,1,1,\"%s\",1\n".formatted(cell)).json())
                .singleElement()
                .asString()
                .contains("\"volume\":" + json + ",");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "abc",
                "1.2.3",
                "--1",
                "1e",
                "e5",
                "12a",
                "0x10",
                "١",
                "1,2345,6",
                "5%",
                "3M"
            })
    void rejectsWhatIsNotANumber(String cell) throws IOException {
        CsvText.Read read =
                read("HSI,1986-12-31,1,1,1,\"%s\",1,1,1\n".formatted(cell) + CsvText.ROW);

        assertThat(read.rejected()).containsExactly("2: close '" + cell + "' is not a number");
        assertThat(read.json()).containsExactly(CsvText.JSON);
        assertThat(read.counts().rejected()).isOne();
    }

    @Test
    void escapesWhatJsonMustNotHoldInAString() throws IOException {
        CsvText.Read read = read("\"a\"\"b\\c\u0001ü€\uD83D\uDE00\",1986-12-31,1,1,1,1,1,1,1\n");

        assertThat(read.json())
                .singleElement()
                .asString()
                .startsWith("{\"index\":\"a\\\"b\\\\c\\u0001ü€\uD83D\uDE00\",\"date\"");
        assertThat(parse(read.json().get(0))).containsEntry("index", "a\"b\\c\u0001ü€\uD83D\uDE00");
    }

    @Test
    void rejectsRowsOfAnotherWidthThanTheHeader() throws IOException {
        CsvText.Read read =
                read("HSI,1986-12-31,1,1\nHSI,1986-12-31,1,1,1,1,1,1,1,7\n" + CsvText.ROW);

        assertThat(read.rejected())
                .containsExactly(
                        "2: 4 cells where the header has 9", "3: 10 cells where the header has 9");
        assertThat(read.json()).containsExactly(CsvText.JSON);
    }

    @Test
    void toleratesEmptyCellsBehindTheLastColumn() throws IOException {
        assertThat(read(CsvText.ROW.strip() + ",,\n").json()).containsExactly(CsvText.JSON);
    }

    @Test
    void givesTheNumberOfTheCellWhateverItsForm() throws IOException {
        long seed = 20_211_231L;
        SplittableRandom random = new SplittableRandom(seed);
        List<String> cells = Stream.generate(() -> randomNumber(random)).limit(20_000).toList();

        CsvText.Read read =
                read(
                        cells.stream()
                                .map(
                                        cell ->
                                                "HSI,1986-12-31,%s,1,1,1,1,%s,1\n"
                                                        .formatted(cell, cell))
                                .collect(Collectors.joining()));

        assertThat(read.rejected()).as("seed %d", seed).isEmpty();
        for (int i = 0; i < cells.size(); i++) {
            Map<String, String> fields = parse(read.json().get(i));
            BigDecimal number = new BigDecimal(cells.get(i));
            assertThat(new BigDecimal(fields.get("open")))
                    .as("seed %d, open of '%s'", seed, cells.get(i))
                    .isEqualByComparingTo(number);
            assertThat(new BigDecimal(fields.get("volume")))
                    .as("seed %d, volume of '%s'", seed, cells.get(i))
                    .isEqualByComparingTo(number);
        }
    }

    private static String randomNumber(SplittableRandom random) {
        String[] signs = {"", "", "", "-", "+"};
        StringBuilder number = new StringBuilder(signs[random.nextInt(signs.length)]);
        int whole = random.nextInt(12);
        int fraction = whole == 0 ? 1 + random.nextInt(6) : random.nextInt(6);
        random.ints(whole, 0, 10).forEach(number::append);
        if (fraction > 0 || random.nextInt(8) == 0) {
            number.append('.');
            boolean zeros = random.nextBoolean();
            random.ints(fraction, 0, 10).forEach(digit -> number.append(zeros ? 0 : digit));
        }
        if (random.nextInt(5) == 0) {
            number.append(random.nextBoolean() ? "e" : "E-").append(random.nextInt(30));
        }
        return number.toString();
    }

    private static Map<String, String> parse(String text) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser json = new JsonFactory().createParser(text)) {
            assertThat(json.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                fields.put(name, json.getText());
            }
            assertThat(json.nextToken()).isNull();
        }
        return fields;
    }

    private CsvText.Read read(String rows) throws IOException {
        return CsvText.read(CsvText.write(directory, CsvText.HEADER + rows));
    }
}
