package io.quotelake.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that say two things, or too little: what the person is told, and which option decides. */
class UnderstandingTest {

    private static final String HEADER = "Index,Date,Open,High,Low,Close,Volume\n";

    @TempDir Path directory;

    @Test
    void saysInAShortBlockWhatItUnderstood() throws IOException {
        Run run =
                dryRun(
                        "Datum;Erster;Hoch;Tief;Schlusskurs;Stuecke;Volumen\n"
                                + "31.01.2024;1.104,25;1.106,00;1.101,00;1.102,00;1.200;1.322.400\n",
                        "--as-index",
                        "DAX");

        assertThat(run.err().lines().limit(4))
                .satisfiesExactly(
                        line ->
                                assertThat(line)
                                        .endsWith("file.csv: 1 rows, 2024-01-31 to 2024-01-31"),
                        line ->
                                assertThat(line)
                                        .isEqualTo(
                                                "  UTF-8, semicolon between cells, decimal comma, dates d.M.yyyy"),
                        line ->
                                assertThat(line)
                                        .isEqualTo(
                                                "  date=Datum open=Erster high=Hoch low=Tief close=Schlusskurs"
                                                        + " volume=Stuecke; index DAX as told; left alone: Volumen"),
                        line ->
                                assertThat(line)
                                        .startsWith("  first row {\"index\":\"DAX\"")
                                        .contains("\"open\":1104.25", "\"volume\":1200"));
    }

    @Test
    void refusesNumbersThatCouldBeTwo() throws IOException {
        String rows =
                "Index;Date;Open;High;Low;Close;Volume\nX;2024-01-31;13,279;13,284;13,247;13,247;5\n";

        assertRefused(dryRun(rows), "'13,279' could be 13.279 or 13279", "--decimal comma");
        assertThat(dryRun(rows, "--decimal", "comma").out()).contains("\"open\":13.279");
        assertThat(dryRun(rows, "--decimal", "point").out()).contains("\"open\":13279");
    }

    @Test
    void refusesDatesThatFitTwoFormatsAndNamesNoOther() throws IOException {
        String rows = HEADER + "X,1/3/2024,1,2,1,2,5\nX,1/4/2024,1,2,1,2,5\n";

        Run run = dryRun(rows);

        assertRefused(run, "--date-format 'd/M/yyyy' or --date-format 'M/d/yyyy'");
        assertThat(dryRun(rows, "--date-format", "M/d/yyyy").out())
                .contains("2024-01-03", "2024-01-04");
        assertThat(dryRun(rows + "X,1/16/2024,1,2,1,2,5\n").out())
                .contains("2024-01-03", "2024-01-04", "2024-01-16");
    }

    @Test
    void stopsBeforeTheFirstRowWhenTheAskedFormatFitsOnlySomeDates() throws IOException {
        Run run =
                dryRun(
                        HEADER + "X,1/3/2024,1,2,1,2,5\nX,1/16/2024,1,2,1,2,5\n",
                        "--date-format",
                        "d/M/yyyy");

        assertRefused(run, "line 3", "fits 1 of 2 dates", "--date-format 'M/d/yyyy'");
    }

    @Test
    void stopsWhereDatesAreWrittenInTwoWays() throws IOException {
        Run run = dryRun(HEADER + "X,2024-02-01,1,2,1,2,5\nX,13/02/2024,1,2,1,2,5\n");

        assertRefused(run, "no one date format", "yyyy-MM-dd", "d/M/yyyy", "line 3");
    }

    @Test
    void readsIsoDatesWithDayAndMonthExchangedOnlyWhereTheyCanBeNothingElse() throws IOException {
        assertThat(dryRun(HEADER + "X,2024-02-01,1,2,1,2,5\n").out()).contains("2024-02-01");
        assertThat(dryRun(HEADER + "X,2024-02-01,1,2,1,2,5\nX,2024-14-01,1,2,1,2,5\n").out())
                .contains("2024-01-02", "2024-01-14");
    }

    @Test
    void asksForTheZoneOfInstants() throws IOException {
        String rows = HEADER + "X,2024-01-02T02:30:00Z,1,2,1,2,5\n";

        assertRefused(dryRun(rows), "point in time", "--zone America/New_York");
        assertThat(dryRun(rows, "--zone", "America/New_York").out()).contains("2024-01-01");
        assertThat(dryRun(HEADER + "X,2024-01-02T00:00:00-05:00,1,2,1,2,5\n").out())
                .contains("2024-01-02");
    }

    @ParameterizedTest
    @CsvSource({"1705276800, UTC, 2024-01-15", "1705294800000, America/New_York, 2024-01-15"})
    void asksForTheZoneOfTimesSince1970(String time, String zone, String day) throws IOException {
        String rows = HEADER + "X," + time + ",1,2,1,2,5\n";

        assertRefused(dryRun(rows), "--zone " + zone);
        assertThat(dryRun(rows, "--zone", zone).out()).contains(day);
    }

    @Test
    void decidesAboutPricesByOtherColumnsButNotByVolumes() throws IOException {
        String header = "Index;Date;Open;High;Low;Close;Volume;Change\n";

        assertRefused(
                dryRun(header + "X;2024-01-31;13.279;13.284;13.247;13.247;5.100;x\n"),
                "--decimal comma or --decimal point");
        assertThat(
                        dryRun(header + "X;2024-01-31;13.279;13.284;13.247;13.247;5.100;-0,53 %\n")
                                .out())
                .contains("\"open\":13279,", "\"volume\":5100,");
        assertThat(dryRun(header + "X;2024-01-31;13;14;13;13;5.100;x\n").out())
                .contains("\"open\":13,", "\"volume\":5100,");
        assertRefused(dryRun(header + "X;2024-01-31;13;14;13;13;5.000;x\n"), "'5.000' could be");
    }

    @Test
    void refusesRowsThatAreFinerThanADay() throws IOException {
        assertRefused(
                dryRun(HEADER + "X,2024-01-02 09:30,1,2,1,2,5\nX,2024-01-02 09:31,1,2,1,2,5\n"),
                "several rows of a day");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Last,Close|2|1",
                "Close,Last|1|2",
                "Price,Close|2|1",
                "Prev Close,Close|2|1",
                "Adj Close,Close|2|1"
            })
    void takesTheExactNameBeforeOthers(String names, String close, String other)
            throws IOException {
        Run run =
                dryRun(
                        "Index,Date,Open,High,Low,%s,Volume\nX,2024-01-31,1,2,1,1,2,5\n"
                                .formatted(names));

        assertThat(run.out()).contains("\"close\":" + close + ",");
    }

    @Test
    void asksWhichOfTwoColumnsWithEqualRightIsMeant() throws IOException {
        String rows = "Index,Date,Open,High,Low,Last,Settle,Volume\nX,2024-01-31,1,2,1,1,2,5\n";

        assertRefused(dryRun(rows), "'Last' and 'Settle' could both be close", "--columns close=");
        assertThat(dryRun(rows, "--columns", "close=Settle").out()).contains("\"close\":2,");
        assertThat(dryRun(rows, "--columns", "close=#6").out()).contains("\"close\":1,");
    }

    @Test
    void neverTakesAnAdjustedPriceForAnUnadjustedOne() throws IOException {
        String rows = "Index,Date,Open,High,Low,Adj Close,Volume\nX,2024-01-31,1,2,1,2,5\n";

        assertRefused(dryRun(rows), "no column for close", "--columns close='Adj Close'");
        assertThat(dryRun(rows, "--columns", "close='Adj Close'".replace("'", "")).out())
                .contains("\"close\":2,\"adj_close\":2,");
    }

    @Test
    void namesAllOptionsThatAFileNeedsAtOnce() throws IOException {
        Run run = dryRun("Date, Open, High, Low, Close\n11/09/17, 1.5, 2, 1, 2\n");

        assertRefused(
                run, "no column for index, volume", "--as-index", "--missing-volume 0", "M/d/yy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Unnamed: 0", "index", ""})
    void takesNoColumnThatCountsRowsForTheIndex(String name) throws IOException {
        String rows =
                name
                        + ",Date,Open,High,Low,Close,Volume\n"
                        + "0,2024-01-30,1,2,1,2,5\n1,2024-01-31,1,2,1,2,5\n";

        assertRefused(dryRun(rows), "no column for index", "--as-index");
        assertThat(dryRun(rows, "--as-index", "HSI").out()).contains("\"index\":\"HSI\"");
    }

    @Test
    void givesNoOneNameToSeveralIndices() throws IOException {
        assertRefused(
                dryRun(
                        HEADER + "X,2024-01-31,1,2,1,2,5\nY,2024-01-31,1,2,1,2,5\n",
                        "--as-index",
                        "Z"),
                "names its indices in the column 'Index'");
    }

    @Test
    void countsBeforehandWhatWillBeDeadLettersAndNamesWhatMendsIt() throws IOException {
        String rows =
                HEADER
                        + "X,2024-01-29,1,2,1,2,5\n"
                        + "X,2024-01-30,1,2,1,2,5.25\n"
                        + "X,2024-01-31,1,2,1,2,-\n"
                        + "X,2024-02-01,1,2,1,2.000001,5\n"
                        + "^X,2024-02-02,1,2,1,2,5\n"
                        + "X,2024-02-03,1,2,1,3,5\n";

        assertThat(dryRun(rows).err())
                .contains(
                        "1 of 6 rows will be dead letters: volume is not a whole number (line 3: '5.25'); --round-volume",
                        "volume is missing (line 4); --missing-volume 0",
                        "last digits (line 5); --price-tolerance 0.000001",
                        "can't be a folder's name (line 6: '^X'); --plain-names (here: X)",
                        "don't enclose open and close (line 7)");
        Run mended =
                dryRun(
                        rows.replace("2,1,3,5", "2,1,2,5"),
                        "--round-volume",
                        "--missing-volume",
                        "0",
                        "--price-tolerance",
                        "0.000001",
                        "--map",
                        "^X=Y");
        assertThat(mended.err()).doesNotContain("dead letters").contains("renamed: ^X to Y");
        assertThat(mended.out().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("\"volume\":5,"),
                        line -> assertThat(line).contains("\"volume\":5,"),
                        line -> assertThat(line).contains("\"volume\":0,"),
                        line -> assertThat(line).contains("\"high\":2.000001,\"low\":1,"),
                        line -> assertThat(line).contains("\"index\":\"Y\""),
                        line -> assertThat(line).contains("\"close\":2,"));
    }

    @Test
    void makesNamesOfSymbolsButNeverTheSameOfTwo() throws IOException {
        String rows =
                HEADER
                        + "^GSPC,2024-01-31,1,2,1,2,5\nNIFTY 50,2024-01-31,1,2,1,2,5\n"
                        + "EURUSD=X,2024-01-31,1,2,1,2,5\nBRK-B,2024-01-31,1,2,1,2,5\n";

        assertThat(dryRun(rows, "--plain-names").out())
                .contains("\"GSPC\"", "\"NIFTY_50\"", "\"EURUSD_X\"", "\"BRK-B\"");
        assertRefused(
                dryRun(rows + "GSPC,2024-01-31,1,2,1,2,5\n", "--plain-names"),
                "makes 'GSPC' of both");
        Path map = Files.writeString(directory.resolve("names"), "# mine\n^GSPC = SPX\n\n");
        assertThat(dryRun(rows, "--map", map.toString(), "--map", "EURUSD=X=EUR").out())
                .contains("\"SPX\"", "\"EUR\"");
    }

    @Test
    void sendsNothingWhenNothingWouldArrive() throws IOException {
        Run rejected = dryRun(HEADER + "X,2024-01-31,a,b,c,d,5\n");
        Run deadLetters = run(HEADER + "X,2024-01-31,1,2,1,2,-\n");

        assertThat(rejected.code()).isEqualTo(1);
        assertThat(rejected.err()).hasLineCount(1).contains("none of the 1 rows", "open 'a'");
        assertThat(deadLetters.code()).isEqualTo(1);
        assertThat(deadLetters.err())
                .hasLineCount(1)
                .contains("nothing was sent", "volume is missing", "--missing-volume 0");
    }

    @Test
    void namesTheEncodingOrAsksForIt() throws IOException {
        String rows =
                HEADER.replace("Index", "Börse,Index").replace(',', '\t')
                        + "ü\tÜX\t2024-01-31\t1\t2\t1\t2\t5\n";

        for (Charset utf16 : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            assertThat(dryRun(rows.getBytes(utf16)).err()).contains("  " + utf16 + ", tab");
            assertThat(dryRun(("\uFEFF" + rows).getBytes(utf16)).out()).contains("\"ÜX\"");
        }
        byte[] western = rows.getBytes(StandardCharsets.ISO_8859_1);
        assertRefused(dryRun(western), "is not UTF-8", "--encoding windows-1252");
        assertThat(dryRun(western, "--encoding", "windows-1252").out()).contains("\"ÜX\"");
        assertRefused(dryRun(new byte[] {'P', 'K', 3, 4, 0, 0, 0}), "spreadsheet (.xlsx)");
    }

    @Test
    void refusesASecondHeaderWithAnotherOrder() throws IOException {
        assertRefused(
                dryRun(
                        HEADER
                                + "X,2024-01-31,1,2,1,2,5\n"
                                + "Index,Date,High,Open,Low,Close,Volume\nX,2024-02-01,1,2,1,2,5\n"),
                "second header in line 3");
    }

    @Test
    void readsFoldersAndPackedFilesAsOneSequenceNamedAfterTheFiles() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("folder"));
        String rows = "Date,Open,High,Low,Close,Volume\n2024-01-31,1,2,1,2,5\n";
        Files.writeString(folder.resolve("DAX.csv"), rows);
        Files.writeString(folder.resolve("HSI.csv"), rows);
        Files.writeString(folder.resolve("HSI.rejects.csv"), "nothing of this\n");
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(rows.getBytes(StandardCharsets.UTF_8));
        }
        Files.write(folder.resolve("NYA.csv.gz"), packed.toByteArray());

        Run without = Run.of("replay", folder.toString(), "--dry-run");
        Run run = Run.of("replay", folder.toString(), "--dry-run", "--index-from-file-name");

        assertRefused(without, "--index-from-file-name");
        assertThat(run.out().lines().map(line -> line.substring(10, 13)))
                .containsExactly("DAX", "HSI", "NYA");
        assertThat(run.err()).contains("Sent 3 rows");
    }

    private void assertRefused(Run run, String... words) {
        assertThat(run.code()).as(run.err() + run.out()).isEqualTo(2);
        assertThat(run.err()).hasLineCount(1).contains(words);
        assertThat(run.out()).isEmpty();
    }

    private Run dryRun(String text, String... options) throws IOException {
        return dryRun(text.getBytes(StandardCharsets.UTF_8), options);
    }

    private Run dryRun(byte[] bytes, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--dry-run");
        return run(bytes, all);
    }

    private Run run(String text) throws IOException {
        return run(text.getBytes(StandardCharsets.UTF_8), List.of());
    }

    private Run run(byte[] bytes, List<String> options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("replay"));
        arguments.add(Files.write(directory.resolve("file.csv"), bytes).toString());
        arguments.addAll(options);
        arguments.addAll(List.of("--rejects", directory.resolve("rejects.csv").toString()));
        return Run.of(arguments.toArray(String[]::new));
    }
}
