package io.quotelake.producer.csv;

import io.quotelake.producer.terminal.UsageException;
import java.io.IOException;
import java.io.Reader;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds out how one file is written, and what becomes of its rows: first what stands at its
 * beginning, then the evidence of all cells, then each row as it will be sent.
 */
final class Surveyor {

    private static final int MAX_INDICES = 1000;
    private static final char REPLACEMENT = '\uFFFD';

    private final CsvInput input;
    private final CsvOptions options;
    private final HeaderFinder finder;
    private final DateEvidence dates;
    private final NumberEvidence numbers;
    private final Set<String> symbols = new HashSet<>();
    private char[] lastSymbol = {};
    private boolean volumeSeen;

    Surveyor(CsvInput input, CsvOptions options) {
        this.input = input;
        this.options = options;
        this.finder = new HeaderFinder(input.toString(), options.columns(), options.header());
        this.dates = new DateEvidence(askedFormat());
        this.numbers = new NumberEvidence(options.decimal());
    }

    private DateFormat askedFormat() {
        return options.datePattern() == null
                ? null
                : DateFormat.of(
                        options.datePattern(),
                        options.zone() == null ? ZoneOffset.UTC : options.zone());
    }

    /**
     * @throws UsageException when the file can't be read in one way only, or not at all
     */
    CsvFile survey() throws IOException {
        HeadText text = new HeadText(input.open(options.encoding()));
        Head head = head(text);
        List<Field> missing = missing(head);
        Field[] roles = roles(head);
        if (input.isReadOnce()) {
            addSample(head, roles);
            checkComplete(head, missing, false);
            return new CsvFile(input, options, text, reading(head, false), null);
        }
        text.close();
        try (CsvRows rows = rows(input.open(options.encoding()), head)) {
            CsvRow row;
            while ((row = rows.next()) != null) {
                if (!row.isBlank()) {
                    add(roles, row);
                }
            }
        }
        checkOneIndex(head);
        checkComplete(head, missing, true);
        Reading reading = reading(head, true);
        return new CsvFile(input, options, null, reading, survey(reading));
    }

    private Head head(HeadText text) throws IOException {
        boolean more = true;
        while (more) {
            more = text.grow();
            if (input.isReadOnce() || !more) {
                String lines = text.lines();
                Optional<Head> head = finder.find(lines);
                if (head.isPresent() && !(more && head.get().sample().isEmpty())) {
                    checkEncoding(String.join(",", head.get().header()), 1);
                    return head.get();
                }
            }
        }
        checkEncoding(text.lines(), 1);
        throw finder.complaint(text.lines());
    }

    /** The fields that neither a column nor an option gives. */
    private List<Field> missing(Head head) {
        if (options.asIndex() != null && head.columns().size() > 1) {
            throw new UsageException(
                    "%s has several indices side by side (%s): leave --as-index out; --map renames"
                            .formatted(
                                    input,
                                    head.columns().stream()
                                            .map(Columns::index)
                                            .collect(Collectors.joining(", "))));
        }
        String name = toldIndex(head);
        if (name != null && !IndexNames.isFolder(name)) {
            throw new UsageException(
                    "the file's name '%s' can't be an index: add --plain-names (here: %s), --map '%s=NAME', or give --as-index NAME"
                            .formatted(name, IndexNames.plain(name), name));
        }
        List<Field> missing = new ArrayList<>(head.columns().get(0).missing());
        if (name != null) {
            missing.remove(Field.INDEX);
        }
        if (options.missingVolume() != null) {
            missing.remove(Field.VOLUME);
        }
        return missing;
    }

    /** Names all options that the file needs at once, so that one more try is enough. */
    private void checkComplete(Head head, List<Field> missing, boolean wholeFile) {
        if (missing.isEmpty()) {
            return;
        }
        boolean volumeless = !volumeSeen && wholeFile && options.missingVolume() == null;
        String complaint =
                new MissingColumns(
                                input,
                                head.columns().get(0),
                                missing,
                                volumeless,
                                options.hasSeveralInputs())
                        .complaint();
        try {
            reading(head, wholeFile);
        } catch (UsageException e) {
            complaint += "; and " + e.getMessage().replace(input + ": ", "");
        }
        throw new UsageException(complaint);
    }

    /** Which field each cell of a row is, or null. */
    private static Field[] roles(Head head) {
        Field[] roles = new Field[head.header().size()];
        for (Columns columns : head.columns()) {
            for (Field field : Field.values()) {
                if (columns.has(field)) {
                    roles[columns.cell(field)] = field;
                }
            }
        }
        return roles;
    }

    private void add(Field[] roles, CsvRow row) {
        int cells = Math.min(roles.length, row.cells());
        for (int cell = 0; cell < cells; cell++) {
            if (roles[cell] == Field.INDEX) {
                addSymbol(row, cell);
            } else if (roles[cell] != null) {
                add(roles[cell], row.text(), row.start(cell), row.end(cell), row.line());
            }
        }
        if (numbers.isUndecided()) {
            for (int cell = 0; cell < cells; cell++) {
                if (roles[cell] == null) {
                    numbers.addElsewhere(row.string(cell));
                }
            }
        }
    }

    private void add(Field field, char[] text, int start, int end, long line) {
        if (field == Field.DATE) {
            dates.add(text, start, end, line);
            return;
        }
        boolean isVolume = field == Field.VOLUME;
        volumeSeen |= isVolume && !NumberStyle.isMissing(text, start, end);
        numbers.add(text, start, end, isVolume, line);
    }

    /** Rows of one index mostly follow each other. */
    private void addSymbol(CsvRow row, int cell) {
        if (Arrays.equals(
                row.text(), row.start(cell), row.end(cell), lastSymbol, 0, lastSymbol.length)) {
            return;
        }
        String symbol = row.string(cell);
        lastSymbol = symbol.toCharArray();
        checkEncoding(symbol, row.line());
        if (symbols.size() < MAX_INDICES) {
            symbols.add(symbol);
        }
    }

    private void addSample(Head head, Field[] roles) {
        for (List<String> row : head.sample()) {
            for (int cell = 0; cell < Math.min(roles.length, row.size()); cell++) {
                Field field = roles[cell];
                if (field != null && field != Field.INDEX) {
                    char[] text = row.get(cell).toCharArray();
                    add(field, text, 0, text.length, 1);
                }
            }
        }
    }

    private void checkEncoding(String text, long line) {
        if (text.indexOf(REPLACEMENT) >= 0) {
            String begin = text.length() <= 60 ? text : text.substring(0, 60) + "…";
            throw new UsageException(
                    "%s is not %s (line %d: '%s'): name its encoding, such as --encoding windows-1252, which is usual on Windows in the West"
                            .formatted(input, input.encoding(), line, begin));
        }
    }

    /** A name for all rows may stand for one symbol, but not for several. */
    private void checkOneIndex(Head head) {
        if (options.asIndex() != null && symbols.size() > 1) {
            int cell = head.columns().get(0).cell(Field.INDEX);
            throw new UsageException(
                    "%s names its indices in the column '%s' (%s …): leave --as-index out; --map renames"
                            .formatted(
                                    input,
                                    head.header().get(cell),
                                    symbols.stream()
                                            .sorted()
                                            .limit(3)
                                            .collect(Collectors.joining(", "))));
        }
    }

    /** The index of all rows: the name of the option, or the file's where the file has none. */
    private String toldIndex(Head head) {
        Columns columns = head.columns().get(0);
        boolean namesIndex = columns.has(Field.INDEX) || columns.index() != null;
        return options.indexFromFileName() && !namesIndex
                ? options.names().of(input.stem())
                : options.asIndex();
    }

    private Reading reading(Head head, boolean wholeFile) {
        String name = toldIndex(head);
        Head named = name == null ? head : head.with(List.of(head.columns().get(0).ofIndex(name)));
        return new Reading(
                named,
                numbers.decide(input.toString(), head.separator(), wholeFile),
                dates.decide(input.toString(), options.zone()),
                options.names(),
                input.encoding(),
                options);
    }

    private Survey survey(Reading reading) throws IOException {
        Survey survey = new Survey(input.toString());
        try (CsvQuotes quotes =
                new CsvQuotes(
                        input,
                        reading,
                        rows(input.open(options.encoding()), reading.head()),
                        survey,
                        new RowCounts(),
                        survey.verdicts())) {
            survey.readAll(quotes, reading);
        }
        return survey;
    }

    private CsvRows rows(Reader text, Head head) throws IOException {
        CsvRows rows = new CsvRows(input.toString(), text, head.separator());
        rows.skip(head.rowsBefore());
        return rows;
    }
}
