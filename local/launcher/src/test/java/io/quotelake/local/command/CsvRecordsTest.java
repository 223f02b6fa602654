package io.quotelake.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvRecordsTest {
    private static final Path FILE = Path.of("target/csv-records-test.csv");

    @ParameterizedTest
    @CsvSource({
        "'Index,Date\\nHSI,1986-12-31\\nNYA,1965-12-31\\n', 2",
        "'Index,Date\\nHSI,1986-12-31\\nNYA,1965-12-31', 2",
        "'Index,Date\\r\\n\\r\\nHSI,1986-12-31\\r\\n \\r\\n', 1",
        "'Index,Date', 0",
        "'', 0"
    })
    void recordsOfACsvAreItsLinesThatAreNotBlankBelowTheHeader(String text, long records)
            throws IOException {
        Files.writeString(FILE, text.replace("\\r", "\r").replace("\\n", "\n"));

        assertThat(CsvRecords.in(FILE)).isEqualTo(records);
    }
}
