package io.quotelake.producer.csv;

import io.quotelake.producer.terminal.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What to read. */
public final class CsvOptions {

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            defaultValue = "data/indexProcessed.csv",
            description = {
                "CSV file (UTF-8, also as .gz), or - for standard input.",
                "Default: ${DEFAULT-VALUE}"
            })
    private String file;

    @Option(
            names = "--date-format",
            paramLabel = "PATTERN",
            defaultValue = "yyyy-MM-dd",
            description = "How dates are written, such as dd/MM/yyyy. Default: ${DEFAULT-VALUE}")
    private String datePattern;

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

    private DateFormat dateFormat;

    /**
     * The file that the options name.
     *
     * @throws UsageException when an option is wrong or the file isn't there
     */
    public CsvInput input() throws IOException {
        dateFormat = DateFormat.of(datePattern);
        if (from != null && to != null && from.isAfter(to)) {
            throw new UsageException(
                    "no day is from %s to %s: --from must not be after --to".formatted(from, to));
        }
        CsvInput input = new CsvInput(file);
        if (input.isSameFile(rejects(input))) {
            throw new UsageException(
                    "--rejects names the CSV itself, %s: name another file".formatted(input));
        }
        return input;
    }

    DateFormat dateFormat() {
        return dateFormat;
    }

    Selection selection() {
        return new Selection(indices, from, to);
    }

    public Path rejects(CsvInput input) {
        return rejects == null ? input.defaultRejects() : rejects;
    }

    boolean strict() {
        return strict;
    }

    /** What decides which quotes the file has, in words. */
    public String describeSelection() {
        return "index=%s from=%s to=%s date-format=%s"
                .formatted(
                        indices.isEmpty() ? "all" : String.join(",", new TreeSet<>(indices)),
                        from == null ? "first" : from,
                        to == null ? "last" : to,
                        datePattern);
    }
}
