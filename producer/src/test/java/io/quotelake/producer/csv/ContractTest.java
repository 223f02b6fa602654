package io.quotelake.producer.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The line of a CSV file in docs/contract.md gives the quote beside it. */
class ContractTest {

    private static final Path DATA_SET = Path.of("..", "data", "indexProcessed.csv");

    private static final Pattern CSV_THEN_JSON =
            Pattern.compile("(?s)```csv\n(.*?\n)```.*?```json\n(.*?)\n```");

    @TempDir private Path directory;

    @Test
    void theLineOfTheDataSetGivesTheQuote() throws IOException {
        Matcher example =
                CSV_THEN_JSON.matcher(Files.readString(Path.of("..", "docs", "contract.md")));
        assertThat(example.find()).isTrue();
        String line = example.group(1);
        assertThat(Files.readString(DATA_SET)).contains("\n" + line);

        CsvText.Read read = CsvText.read(CsvText.write(directory, CsvText.HEADER + line));

        assertThat(read.json()).containsExactly(example.group(2));
    }
}
