package io.quotelake.producer.csv;

import io.quotelake.producer.terminal.UsageException;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One file of quotes, understood: it was read once from its beginning to its end, to decide how its
 * numbers and dates are written, and a second time to see what will become of its rows, before the
 * first of them is sent. Standard input can't be read twice: there the first rows decide, and what
 * they leave open is rejected when it comes.
 */
public final class CsvFile {

    private final CsvInput input;
    private final CsvOptions options;
    private final HeadText stream;
    private final Reading reading;
    private final Survey survey;
    private final Verdicts live = new Verdicts();

    CsvFile(CsvInput input, CsvOptions options, HeadText stream, Reading reading, Survey survey) {
        this.input = input;
        this.options = options;
        this.stream = stream;
        this.reading = reading;
        this.survey = survey;
    }

    /**
     * Looks through the file.
     *
     * @throws UsageException when it can't be read in one way only, or not at all; the message
     *     names the option that helps
     */
    public static CsvFile survey(CsvInput input, CsvOptions options) throws IOException {
        return new Surveyor(input, options).survey();
    }

    /**
     * The wanted quotes of the file, from its beginning.
     *
     * @param rejects where rows go that can't become JSON
     * @param counts counts what is not returned
     */
    public CsvQuotes open(CsvQuotes.RejectedRows rejects, RowCounts counts) throws IOException {
        Reader text = stream == null ? input.open(options.encoding()) : stream;
        CsvRows rows = new CsvRows(input.toString(), text, reading.head().separator());
        rows.skip(reading.head().rowsBefore());
        // Standard input is judged as it goes by; a file was judged before.
        return new CsvQuotes(input, reading, rows, rejects, counts, stream == null ? null : live);
    }

    public CsvInput input() {
        return input;
    }

    /** What was found out, or empty for standard input. */
    public Optional<Survey> result() {
        return Optional.ofNullable(survey);
    }

    /** What the job will say about the quotes: all of a file, those so far of standard input. */
    public Verdicts verdicts() {
        return survey == null ? live : survey.verdicts();
    }

    /** How dates are written. */
    String dateFormat() {
        return reading.dateFormat().toString();
    }

    /** Whether an older version of this program counted the rows of this file in another way. */
    boolean isReadAnew() {
        return survey != null && survey.hasReadFurtherForms();
    }

    /** How the file was understood, in a line or a few, without its name. */
    public List<String> describe() {
        List<String> lines = new ArrayList<>();
        Columns columns = reading.head().columns().get(0);
        lines.add(
                "%s, %s between cells, decimal %s, dates %s"
                        .formatted(
                                reading.encoding(),
                                separatorWord(reading.head().separator()),
                                reading.numberStyle().mark(),
                                reading.dateFormat()));
        List<String> others = leftAlone();
        lines.add(
                columns.describe()
                        + indexWords()
                        + (others.isEmpty() ? "" : "; left alone: " + String.join(", ", others)));
        return lines;
    }

    private List<String> leftAlone() {
        List<Columns> all = reading.head().columns();
        List<String> others = all.get(0).leftAlone();
        int most = 12;
        List<String> unused =
                others.stream()
                        .filter(name -> all.size() == 1)
                        .limit(most)
                        .collect(Collectors.toCollection(ArrayList::new));
        if (all.size() == 1 && others.size() > most) {
            unused.add("…");
        }
        return unused;
    }

    private String indexWords() {
        List<Columns> all = reading.head().columns();
        if (all.get(0).index() == null) {
            return "";
        }
        if (options.asIndex() != null) {
            return "; index " + options.asIndex() + " as told";
        }
        if (all.size() == 1 && all.get(0).index().equals(options.names().of(input.stem()))) {
            return "; index from the file's name";
        }
        return "; index from the header: "
                + all.stream().map(Columns::index).limit(5).collect(Collectors.joining(", "))
                + (all.size() > 5 ? ", … (" + all.size() + ")" : "");
    }

    private static String separatorWord(char separator) {
        return switch (separator) {
            case ',' -> "comma";
            case ';' -> "semicolon";
            case '\t' -> "tab";
            default -> "bar";
        };
    }
}
