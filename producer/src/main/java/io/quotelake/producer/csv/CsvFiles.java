package io.quotelake.producer.csv;

import io.quotelake.producer.terminal.RunException;
import io.quotelake.producer.terminal.UsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** All files of one run, each understood before the first row is sent. */
public final class CsvFiles {

    private static final int MAX_WARNINGS = 6;
    private static final int MAX_NAMES = 8;

    private final CsvOptions options;
    private final List<CsvFile> files;
    private final List<Rejects> rejects;

    private CsvFiles(CsvOptions options, List<CsvFile> files, List<Rejects> rejects) {
        this.options = options;
        this.files = files;
        this.rejects = rejects;
    }

    /**
     * Looks through the files.
     *
     * @throws UsageException when one can't be read in one way only, or not at all
     */
    public static CsvFiles survey(List<CsvInput> inputs, CsvOptions options) throws IOException {
        List<CsvFile> files = new ArrayList<>();
        for (CsvInput input : inputs) {
            files.add(CsvFile.survey(input, options));
        }
        return new CsvFiles(
                options,
                List.copyOf(files),
                options.rejects(inputs).stream().map(Rejects::new).toList());
    }

    public List<CsvFile> files() {
        return files;
    }

    /** Takes the rejected rows of the file at this place. */
    public Rejects rejects(int file) {
        return rejects.get(file);
    }

    /** Where rejected rows were written. */
    public List<Path> writtenRejects() {
        return rejects.stream().filter(Rejects::isWritten).map(Rejects::file).toList();
    }

    /** The name of the file, or how many there are. */
    @Override
    public String toString() {
        return files.size() == 1
                ? files.get(0).input().toString()
                : "the %,d files".formatted(files.size());
    }

    /** The SHA-256 of the one file, or of those of all files in their order. */
    public String sha256() throws IOException {
        if (files.size() == 1) {
            return files.get(0).input().sha256();
        }
        try {
            MessageDigest all = MessageDigest.getInstance("SHA-256");
            for (CsvFile file : files) {
                all.update(file.input().sha256().getBytes(StandardCharsets.US_ASCII));
            }
            return HexFormat.of().formatHex(all.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * What decides which quotes there are, in words. Two runs that agree in it and in the content
     * of the files count the same rows.
     */
    public String describeSelection() {
        Set<String> dateFormats =
                files.stream()
                        .map(CsvFile::dateFormat)
                        .collect(Collectors.toCollection(TreeSet::new));
        boolean readAnew = files.stream().anyMatch(CsvFile::isReadAnew);
        return options.describe(dateFormats) + (readAnew ? " reading=2" : "");
    }

    /**
     * @throws RunException when no row can be sent, or each would be a dead letter
     */
    public void checkWorthSending() {
        long quotes = quotes();
        long rejected = surveys().stream().mapToLong(Survey::rejected).sum();
        if (quotes == 0 && rejected > 0) {
            throw new RunException(
                    "none of the %,d rows of %s can be sent: %s"
                            .formatted(
                                    rejected,
                                    this,
                                    surveys().stream()
                                            .filter(survey -> survey.rejected() > 0)
                                            .findFirst()
                                            .orElseThrow()
                                            .firstRejected()));
        }
    }

    /**
     * @throws RunException when each row would be a dead letter
     */
    public void checkNotAllDeadLetters() {
        long quotes = quotes();
        if (quotes > 0 && deadLetters() == quotes) {
            throw new RunException(
                    "nothing was sent: "
                            + files.stream()
                                    .flatMap(file -> file.verdicts().describe().stream())
                                    .limit(2)
                                    .collect(Collectors.joining("; ")));
        }
    }

    private List<Survey> surveys() {
        return files.stream().flatMap(file -> file.result().stream()).toList();
    }

    private long quotes() {
        return surveys().stream().mapToLong(Survey::quotes).sum();
    }

    /** How many quotes break the rules of the job. */
    public long deadLetters() {
        return files.stream().mapToLong(file -> file.verdicts().deadLetters()).sum();
    }

    /** How the files were understood: a few lines, however many files there are. */
    public List<String> describe() {
        List<String> lines = new ArrayList<>();
        byForm().forEach(
                        (form, alike) -> {
                            lines.add(title(alike));
                            form.forEach(line -> lines.add("  " + line));
                        });
        Map<String, String> renamed = options.names().renamed();
        if (!renamed.isEmpty()) {
            lines.add(
                    "  renamed: "
                            + renamed.entrySet().stream()
                                    .limit(MAX_NAMES)
                                    .map(name -> name.getKey() + " to " + name.getValue())
                                    .collect(Collectors.joining(", "))
                            + (renamed.size() > MAX_NAMES ? ", … (" + renamed.size() + ")" : ""));
        }
        surveys().stream()
                .filter(survey -> survey.firstQuote() != null)
                .findFirst()
                .ifPresent(survey -> lines.add("  first row " + survey.firstQuote()));
        warnings().forEach(line -> lines.add("  " + line));
        return lines;
    }

    private Map<List<String>, List<CsvFile>> byForm() {
        return files.stream()
                .collect(
                        Collectors.groupingBy(
                                CsvFile::describe, LinkedHashMap::new, Collectors.toList()));
    }

    private static String title(List<CsvFile> alike) {
        CsvFile first = alike.get(0);
        if (alike.size() > 1) {
            long rows =
                    alike.stream()
                            .flatMap(file -> file.result().stream())
                            .mapToLong(Survey::quotes)
                            .sum();
            return "%,d files, %s to %s: %,d rows"
                    .formatted(
                            alike.size(), first.input(), alike.get(alike.size() - 1).input(), rows);
        }
        return first.input() + first.result().map(survey -> ": " + survey.describe()).orElse("");
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        for (CsvFile file : files) {
            file.result()
                    .ifPresent(
                            survey ->
                                    survey.warnings()
                                            .forEach(
                                                    line ->
                                                            warnings.add(
                                                                    files.size() == 1
                                                                            ? line
                                                                            : file.input()
                                                                                    + ": "
                                                                                    + line)));
        }
        if (warnings.size() > MAX_WARNINGS) {
            int more = warnings.size() - MAX_WARNINGS;
            warnings.subList(MAX_WARNINGS, warnings.size()).clear();
            warnings.add("… and %,d lines like these".formatted(more));
        }
        return warnings;
    }

    /** What the job will refuse, for the closing summary; empty when nothing is known of. */
    public List<String> describeDeadLetters() {
        List<String> lines = new ArrayList<>();
        for (CsvFile file : files) {
            lines.addAll(file.verdicts().describe());
        }
        return lines.size() <= MAX_WARNINGS
                ? lines
                : List.of("%,d rows will be dead letters: see above".formatted(deadLetters()));
    }
}
