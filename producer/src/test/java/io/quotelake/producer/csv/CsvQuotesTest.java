package io.quotelake.producer.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quotelake.producer.feed.FileOrder;
import io.quotelake.producer.feed.QuoteSource;
import io.quotelake.producer.terminal.RunException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvQuotesTest {

    private static final String FILE = CsvText.HEADER + CsvText.ROW;

    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"", "\uFEFF", "ï»¿", "\uFEFF\uFEFF"})
    void readsPastByteOrderMarks(String mark) throws IOException {
        assertThat(read(mark + FILE).json()).containsExactly(CsvText.JSON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void readsEveryLineEnd(String lineEnd) throws IOException {
        assertThat(read((FILE + CsvText.ROW).replace("\n", lineEnd)).json())
                .containsExactly(CsvText.JSON, CsvText.JSON);
    }

    @Test
    void readsALastLineWithoutAnEnd() throws IOException {
        assertThat(read(FILE.stripTrailing()).json()).containsExactly(CsvText.JSON);
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t", "|"})
    void findsTheSeparatorInTheHeader(String separator) throws IOException {
        assertThat(read(FILE.replace(",", separator)).json()).containsExactly(CsvText.JSON);
    }

    @Test
    void findsColumnsByNameInAnyOrderAndSpellingAndIgnoresOthers() throws IOException {
        String text =
                "\"Vol.\",note,ADJ_CLOSE,close,Low,HIGH,open price,Trade Date,Ticker\n"
                        + "7.0,\"a, b\",6,5,4,3,2,1986-12-31,HSI\n";

        assertThat(read(text).json())
                .containsExactly(
                        "{\"index\":\"HSI\",\"date\":\"1986-12-31\",\"open\":2,\"high\":3,\"low\":4,"
                                + "\"close\":5,\"adj_close\":6,\"volume\":7,\"close_usd\":null}");
    }

    @Test
    void readsGzipWhateverItsName() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(("\uFEFF" + FILE).getBytes(StandardCharsets.UTF_8));
        }

        assertThat(CsvText.read(CsvText.write(directory, bytes.toByteArray())).json())
                .containsExactly(CsvText.JSON);
    }

    @Test
    void skipsAndCountsBlankRows() throws IOException {
        CsvText.Read read = read(FILE + "\n,,,,,,,,\n   \n" + CsvText.ROW + "\n,,,\n");

        assertThat(read.json()).containsExactly(CsvText.JSON, CsvText.JSON);
        assertThat(read.counts().blank()).isEqualTo(5);
        assertThat(read.rejected()).isEmpty();
    }

    @Test
    void leavesOutWhatIsNotSelected() throws IOException {
        String text =
                CsvText.HEADER
                        + CsvText.row("HSI", "2008-01-01", 1)
                        + CsvText.row("HSI", "2008-01-02", 2)
                        + CsvText.row("NYA", "2008-01-02", 3)
                        + CsvText.row("N225", "2008-01-02", 4)
                        + CsvText.row("NYA", "2008-01-04", 5);

        CsvText.Read read =
                read(text, "--index", "HSI,NYA", "--from", "2008-01-02", "--to", "2008-01-03");

        assertThat(read.json()).hasSize(2);
        assertThat(read.json().get(0)).contains("\"HSI\"", "\"open\":2.5");
        assertThat(read.json().get(1)).contains("\"NYA\"", "\"open\":3.5");
        assertThat(read.counts().notSelected()).isEqualTo(3);
    }

    @Test
    void readsACellThatSpansLines() throws IOException {
        String text =
                "Note," + CsvText.HEADER + "\"two\r\nlines\"," + CsvText.ROW + "one," + CsvText.ROW;

        assertThat(read(text).json()).containsExactly(CsvText.JSON, CsvText.JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"HSI,1986-12-31,1,1,1,1,1,1,1",
                "HSI,\"1986-12-31,1,1,1,1,1,1,1",
                "HSI,1986-12-31,1,1,1,1,1,1,1\"",
                "HSI,1986-12-31,1,1,1,1,1,1,\"1\"x\""
            })
    void losesOneRowOnlyToAQuoteMarkThatIsNeverClosed(String row) throws IOException {
        for (String others :
                new String[] {
                    CsvText.ROW, "\"" + CsvText.ROW.strip().replace(",", "\",\"") + "\"\n"
                }) {
            CsvText.Read read = read(CsvText.HEADER + others + row + "\n" + others.repeat(2_000));

            assertThat(read.json()).hasSize(2_001).containsOnly(CsvText.JSON);
            assertThat(read.rejected()).singleElement().asString().startsWith("3: ");
        }
    }

    @Test
    void completesALastCellThatMissesItsClosingMark() throws IOException {
        String row = CsvText.ROW.replace(",333", ",\"333");

        assertThat(read(CsvText.HEADER + row + CsvText.ROW).json())
                .containsExactly(CsvText.JSON, CsvText.JSON);
    }

    @Test
    void namesTheLineOfARejectedRowBehindCellsThatSpanLines() throws IOException {
        CsvText.Read read = read("Note," + CsvText.HEADER + "\"a\nb\nc\"," + CsvText.ROW + "bad\n");

        assertThat(read.rejected()).containsExactly("5: 1 cells where the header has 10");
    }

    @Test
    void stopsAtTheFirstRejectedRowWhenStrict() {
        assertThatThrownBy(() -> read(FILE + "HSI,1986-12-31,x,1,1,1,1,1,1\n", "--strict"))
                .isInstanceOf(RunException.class)
                .hasMessageContaining("quotes.csv, line 3: open 'x' is not a number");
    }

    @Test
    void rejectsADateThatIsNone() throws IOException {
        CsvText.Read read =
                read(FILE + CsvText.ROW.replace("1986-12-31", "1986-02-30") + CsvText.ROW);

        assertThat(read.json()).hasSize(2);
        assertThat(read.rejected()).containsExactly("3: date '1986-02-30' doesn't fit yyyy-MM-dd");
    }

    @Test
    void refusesFilesThatAreNoQuotes() {
        assertThatThrownBy(() -> read("")).hasMessageContaining("is empty");
        assertThatThrownBy(() -> read(CsvText.ROW))
                .hasMessageContaining("begins with a row of quotes")
                .hasMessageContaining("--header");
        assertThatThrownBy(() -> read("a,b\n1,2\n")).hasMessageContaining("--columns date=NAME");
        assertThatThrownBy(() -> read("PK\u0003\u0004xyz")).hasMessageContaining("unpack it");
        assertThatThrownBy(() -> read("[{\"o\":1}]")).hasMessageContaining("is JSON");
        assertThatThrownBy(() -> read("<!DOCTYPE html>")).hasMessageContaining("HTML");
    }

    @Test
    void writesRejectsThatCanBeMendedAndReadAgain() throws IOException {
        Path file =
                CsvText.write(
                        directory,
                        FILE + "HSI,1986-12-31,\"x,y\",1,1,1,1,1,1\nHSI,\"1\n" + CsvText.ROW);
        Path rejects = directory.resolve("rejects.csv");
        CsvOptions options =
                picocli.CommandLine.populateCommand(
                        new CsvOptions(), file.toString(), "--rejects", rejects.toString());
        try (QuoteSource source =
                new FileOrder(CsvFiles.survey(options.inputs(), options), new RowCounts(), 3)) {
            int rows = 0;
            while (source.next() != null) {
                rows++;
            }
            assertThat(rows).isEqualTo(6);
        }

        assertThat(Files.readString(rejects).split("\r?\n"))
                .containsExactly(
                        "line,reason," + CsvText.HEADER.strip(),
                        "3,\"open 'x,y' is not a number\",HSI,1986-12-31,\"x,y\",1,1,1,1,1,1",
                        "4,2 cells where the header has 9,HSI,1");
        String mended = Files.readString(rejects).replace("\"x,y\"", "1").replace("HSI,1\r", ",\r");
        assertThat(CsvText.read(Files.writeString(rejects, mended)).json()).hasSize(1);
    }

    private CsvText.Read read(String text, String... options) throws IOException {
        return CsvText.read(CsvText.write(directory, text), options);
    }
}
