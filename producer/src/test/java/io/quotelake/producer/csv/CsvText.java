package io.quotelake.producer.csv;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** CSV files for tests, and what the producer reads from them. */
public final class CsvText {

    public static final String HEADER =
            "Index,Date,Open,High,Low,Close,Adj Close,Volume,CloseUSD\n";
    static final String ROW =
            "HSI,1986-12-31,2568.300049,2568.300049,2568.300049,2568.300049,2568.300049,0.0,333.87900637\n";
    static final String JSON =
            "{\"index\":\"HSI\",\"date\":\"1986-12-31\",\"open\":2568.300049,\"high\":2568.300049,"
                    + "\"low\":2568.300049,\"close\":2568.300049,\"adj_close\":2568.300049,"
                    + "\"volume\":0,\"close_usd\":333.87900637}";

    private CsvText() {}

    /** A valid row whose place in the file can be told from its open price. */
    public static String row(String index, String date, int number) {
        return "%s,%s,%d.5,%d.5,%d.5,%d.5,%d.5,%d.0,1.25%n"
                .formatted(index, date, number, number, number, number, number, number);
    }

    public static Path write(Path directory, String text) throws IOException {
        return write(directory, text.getBytes(StandardCharsets.UTF_8));
    }

    public static Path write(Path directory, byte[] bytes) throws IOException {
        return Files.write(directory.resolve("quotes.csv"), bytes);
    }

    /** What became of a file. */
    public record Read(List<String> json, List<String> rejected, RowCounts counts) {}

    /** Reads a file as the command line with these options would. */
    public static Read read(Path file, String... options) throws IOException {
        String[] arguments = new String[options.length + 1];
        System.arraycopy(options, 0, arguments, 0, options.length);
        arguments[options.length] = file.toString();
        CsvOptions csv = CommandLine.populateCommand(new CsvOptions(), arguments);
        List<String> json = new ArrayList<>();
        List<String> rejected = new ArrayList<>();
        RowCounts counts = new RowCounts();
        CsvFile csvFile = CsvFile.survey(csv.inputs().get(0), csv);
        try (CsvQuotes quotes =
                csvFile.open(
                        (row, reason, header) -> rejected.add(row.line() + ": " + reason),
                        counts)) {
            Quote quote;
            while ((quote = quotes.next()) != null) {
                json.add(new String(quote.json(), StandardCharsets.UTF_8));
            }
        }
        return new Read(json, rejected, counts);
    }
}
