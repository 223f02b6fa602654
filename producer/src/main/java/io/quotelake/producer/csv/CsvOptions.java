package io.quotelake.producer.csv;

import io.quotelake.producer.terminal.UsageException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What to read, and how where the files don't say it. */
public final class CsvOptions {

    private static final String ENDINGS = "(?i).+\\.(csv|tsv|txt)(\\.gz)?";
    private static final String REJECTS_ENDING = ".rejects.csv";

    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            defaultValue = "data/indexProcessed.csv",
            description = {
                "CSV files (also as .gz) and folders of them, or - for standard input.",
                "Default: ${DEFAULT-VALUE}"
            })
    private List<String> files = new ArrayList<>();

    @Option(
            names = "--as-index",
            paramLabel = "NAME",
            description = "The index of all rows, for files that don't name it.")
    private String asIndex;

    @Option(
            names = "--index-from-file-name",
            description =
                    "Where a file doesn't name the index, it is the file's name without its ending.")
    private boolean indexFromFileName;

    @Option(
            names = "--map",
            paramLabel = "SYMBOL=NAME|FILE",
            description = {
                "The index for a vendor's symbol, such as '^GSPC=GSPC'. Repeatable, or a file",
                "of such lines."
            })
    private List<String> maps = new ArrayList<>();

    @Option(
            names = "--plain-names",
            description = {
                "Make names of symbols that can't be folders: what is no letter, digit, '.', '_'",
                "or '-' becomes '_', and none stands at the ends."
            })
    private boolean plainNames;

    @Option(
            names = "--columns",
            paramLabel = "FIELD=NAME",
            split = ",",
            description = {
                "The column of a field by its name or number, such as close=Last or close=#5.",
                "Fields: index, date, open, high, low, close, adj_close, volume, close_usd."
            })
    private Map<String, String> columns = new LinkedHashMap<>();

    @Option(
            names = "--header",
            paramLabel = "NAMES",
            description = "The names of all columns, with commas, for files without a header.")
    private String header;

    @Option(
            names = "--decimal",
            paramLabel = "MARK",
            description =
                    "point or comma: what stands before a fraction. Default: as the file shows")
    private DecimalMark decimal;

    @Option(
            names = "--date-format",
            paramLabel = "PATTERN",
            description = "How dates are written, such as dd/MM/yyyy. Default: as the file shows")
    private String datePattern;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description = "Where the day of an instant is looked up, such as America/New_York.")
    private ZoneId zone;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            description = "Such as windows-1252. Default: UTF-8, or UTF-16 where it is plain")
    private Charset encoding;

    @Option(
            names = "--missing-volume",
            paramLabel = "N",
            description = "The volume where the file has none. Default: none; the job wants one")
    private Long missingVolume;

    @Option(
            names = "--round-volume",
            description = "Round volumes with a fraction, as split-adjusted ones have, half up.")
    private boolean roundVolume;

    @Option(
            names = "--price-tolerance",
            paramLabel = "SHARE",
            description = {
                "Widen high and low to open and close where they miss them by at most this",
                "share of the price, such as 1e-6. Default: 0"
            })
    private double priceTolerance;

    @Option(
            names = "--index",
            paramLabel = "CODE",
            split = ",",
            description = "Only these indices, such as HSI,NYA.")
    private Set<String> indices = Set.of();

    @Option(
            names = "--from",
            paramLabel = "DATE",
            description = "Only rows of this day (yyyy-MM-dd) and later.")
    private LocalDate from;

    @Option(
            names = "--to",
            paramLabel = "DATE",
            description = "Only rows of this day (yyyy-MM-dd) and earlier.")
    private LocalDate to;

    @Option(
            names = "--rejects",
            paramLabel = "FILE",
            description = {
                "Where rows go that can't become JSON, with line and reason.",
                "Default: the CSV's name with .rejects.csv, in the working directory."
            })
    private Path rejects;

    @Option(names = "--strict", description = "Stop at the first row that can't become JSON.")
    private boolean strict;

    private final Map<Field, String> toldColumns = new EnumMap<>(Field.class);
    private IndexNames names;
    private boolean severalInputs;

    /**
     * The files that the options name, in their order; those of a folder by name.
     *
     * @throws UsageException when an option is wrong or a file isn't there
     */
    public List<CsvInput> inputs() throws IOException {
        validate();
        List<CsvInput> inputs = new ArrayList<>();
        for (String file : files) {
            for (String each : Files.isDirectory(Path.of(file)) ? filesIn(file) : List.of(file)) {
                inputs.add(new CsvInput(each));
            }
        }
        severalInputs = inputs.size() > 1;
        if (severalInputs) {
            if (inputs.stream().anyMatch(CsvInput::isReadOnce)) {
                throw new UsageException(
                        "standard input and pipes can be read only once: give one of them alone, or name files only");
            }
            if (rejects != null) {
                throw new UsageException(
                        "--rejects names one file, and there are %,d inputs: leave it out, and each gets its NAME%s"
                                .formatted(inputs.size(), REJECTS_ENDING));
            }
        }
        for (CsvInput input : inputs) {
            if (rejects != null && input.isSameFile(rejects)) {
                throw new UsageException(
                        "--rejects names the CSV itself, %s: name another file".formatted(input));
            }
        }
        return inputs;
    }

    private void validate() {
        if (from != null && to != null && from.isAfter(to)) {
            throw new UsageException(
                    "no day is from %s to %s: --from must not be after --to".formatted(from, to));
        }
        if (asIndex != null && indexFromFileName) {
            throw new UsageException(
                    "--as-index and --index-from-file-name both name the index: give one of them");
        }
        if (asIndex != null && !IndexNames.isFolder(asIndex)) {
            throw new UsageException(
                    "--as-index '%s' can't be a folder's name: give 1 to 32 letters, digits, '.', '_' and '-', such as '%s'"
                            .formatted(asIndex, IndexNames.plain(asIndex)));
        }
        if (missingVolume != null && missingVolume < 0) {
            throw new UsageException("--missing-volume is 0 or more");
        }
        if (!(priceTolerance >= 0 && priceTolerance < 1)) {
            throw new UsageException("--price-tolerance is a share of the price, from 0 to 1");
        }
        columns.forEach(
                (name, column) -> {
                    Field field = Field.named(name.strip());
                    if (field == null) {
                        throw new UsageException(
                                "--columns %s=%s: there is no field '%s'; fields are index, date, open, high, low, close, adj_close, volume and close_usd"
                                        .formatted(name, column, name));
                    }
                    toldColumns.put(field, column.strip());
                });
        if (datePattern != null) {
            DateFormat.of(datePattern, zone);
        }
        names = new IndexNames(maps, plainNames);
    }

    private static List<String> filesIn(String folder) throws IOException {
        try (Stream<Path> paths = Files.list(Path.of(folder))) {
            List<String> files =
                    paths.filter(Files::isRegularFile)
                            .map(Path::toString)
                            .filter(name -> name.matches(ENDINGS))
                            .filter(name -> !name.endsWith(REJECTS_ENDING))
                            .sorted()
                            .toList();
            if (files.isEmpty()) {
                throw new UsageException(
                        "the directory %s has no .csv, .tsv or .txt file, packed with gzip or not"
                                .formatted(folder));
            }
            return files;
        }
    }

    boolean hasSeveralInputs() {
        return severalInputs;
    }

    /** The index of all rows, or null. */
    String asIndex() {
        return asIndex;
    }

    boolean indexFromFileName() {
        return indexFromFileName;
    }

    IndexNames names() {
        return names;
    }

    Map<Field, String> columns() {
        return toldColumns;
    }

    List<String> header() {
        return header == null
                ? List.of()
                : Arrays.stream(header.split(",", -1)).map(String::strip).toList();
    }

    /** Null when the file shows it. */
    DecimalMark decimal() {
        return decimal;
    }

    /** Null when the file shows it. */
    String datePattern() {
        return datePattern;
    }

    /** Null when none is named. */
    ZoneId zone() {
        return zone;
    }

    /** Null when the bytes show it. */
    Charset encoding() {
        return encoding;
    }

    /** Null when a missing volume stays missing. */
    Long missingVolume() {
        return missingVolume;
    }

    boolean roundVolume() {
        return roundVolume;
    }

    double priceTolerance() {
        return priceTolerance;
    }

    Selection selection() {
        return new Selection(indices, from, to);
    }

    boolean strict() {
        return strict;
    }

    /** Where the rejected rows of each input go; inputs of one name get different files. */
    public List<Path> rejects(List<CsvInput> inputs) {
        List<Path> paths = new ArrayList<>();
        for (CsvInput input : inputs) {
            Path path = rejects == null ? Path.of(input.stem() + REJECTS_ENDING) : rejects;
            for (int n = 2; paths.contains(path); n++) {
                path = Path.of(input.stem() + "." + n + REJECTS_ENDING);
            }
            paths.add(path);
        }
        return paths;
    }

    /**
     * What decides which quotes the files have, in words.
     *
     * @param dateFormats the formats that the files turned out to have
     */
    String describe(Set<String> dateFormats) {
        StringBuilder text = new StringBuilder();
        text.append("index=").append(indices.isEmpty() ? "all" : join(indices));
        text.append(" from=").append(from == null ? "first" : from);
        text.append(" to=").append(to == null ? "last" : to);
        text.append(" date-format=").append(datePattern == null ? join(dateFormats) : datePattern);
        append(text, "as-index", asIndex);
        append(text, "index-from-file-name", indexFromFileName ? true : null);
        append(text, "map", maps.isEmpty() ? null : maps);
        append(text, "plain-names", plainNames ? true : null);
        append(text, "columns", columns.isEmpty() ? null : columns);
        append(text, "header", header);
        append(text, "decimal", decimal);
        append(text, "zone", zone);
        append(text, "encoding", encoding);
        append(text, "missing-volume", missingVolume);
        append(text, "round-volume", roundVolume ? true : null);
        append(text, "price-tolerance", priceTolerance == 0 ? null : priceTolerance);
        return text.toString();
    }

    private static void append(StringBuilder text, String name, Object value) {
        if (value != null) {
            text.append(' ').append(name).append('=').append(value);
        }
    }

    private static String join(Set<String> words) {
        return String.join(",", new TreeSet<>(words));
    }
}
