package io.quotelake.producer.csv;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the files of the world name the fields of a quote. The names stand in the table {@code
 * column-names.md}, which is also part of the documentation: a further name is one word there.
 * Letter case, accents, spaces, punctuation and what stands in brackets don't matter.
 */
final class ColumnNames {

    /** What a name stands for; of two columns that claim one field the lower rank wins. */
    record Meaning(Field field, int rank) {}

    private static final String TABLE = "column-names.md";
    private static final Pattern IN_BRACKETS = Pattern.compile("\\([^)]*\\)|\\[[^]]*]");

    /** Brackets hold a unit, mostly; these change what the numbers are, or by how much. */
    private static final Pattern NOT_ONLY_A_UNIT =
            Pattern.compile(
                    "(?i).*(adj|\\d|thousand|tsd|mio|mrd|million|lakh|lac|crore|\\bcr\\b|\\b[mk]n?\\b|\\bbn?\\b).*");

    /** Brackets behind a volume that leave it a number of shares; others make it a sum of money. */
    private static final Set<String> PIECES =
            Set.of(
                    "shares",
                    "share",
                    "qty",
                    "quantity",
                    "pieces",
                    "pcs",
                    "units",
                    "stuck",
                    "stucke");

    private static final Pattern ACCENTS = Pattern.compile("\\p{M}+");

    private static final Map<String, Meaning> MEANINGS = read();

    private ColumnNames() {}

    /** What a column of this name holds, or null when the name says nothing about it. */
    static Meaning meaning(String name) {
        Matcher brackets = IN_BRACKETS.matcher(name);
        if (brackets.find() && !NOT_ONLY_A_UNIT.matcher(brackets.group()).matches()) {
            Meaning meaning = MEANINGS.get(plain(IN_BRACKETS.matcher(name).replaceAll("")));
            boolean isVolume = meaning != null && meaning.field == Field.VOLUME;
            if (meaning != null && (!isVolume || PIECES.contains(plain(brackets.group())))) {
                return meaning;
            }
        }
        return MEANINGS.get(plain(name));
    }

    /** Two names that are alike here are one name for this program. */
    static String plain(String name) {
        String withoutAccents =
                ACCENTS.matcher(
                                Normalizer.normalize(
                                        name.toLowerCase(Locale.ROOT), Normalizer.Form.NFD))
                        .replaceAll("");
        StringBuilder plain = new StringBuilder();
        withoutAccents
                .codePoints()
                .filter(Character::isLetterOrDigit)
                .forEach(plain::appendCodePoint);
        return Normalizer.normalize(plain, Normalizer.Form.NFC);
    }

    private static Map<String, Meaning> read() {
        Map<String, Meaning> meanings = new HashMap<>();
        for (String line : table()) {
            String[] cells = line.split("\\|");
            Field field = Field.named(cells[1].replace("`", "").strip());
            if (field == null) {
                continue;
            }
            for (int rank = 0; rank + 2 < cells.length; rank++) {
                for (String name : cells[rank + 2].split(",")) {
                    String plain = plain(name);
                    Meaning meaning = new Meaning(field, rank);
                    Meaning former = plain.isEmpty() ? null : meanings.put(plain, meaning);
                    if (former != null && former.field != field) {
                        throw new IllegalStateException(
                                "'%s' names two fields in %s".formatted(name.strip(), TABLE));
                    }
                    if (former != null) {
                        meanings.put(plain, former);
                    }
                }
            }
        }
        return Map.copyOf(meanings);
    }

    /** The lines of the table. */
    static List<String> table() {
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(
                                        ColumnNames.class.getResourceAsStream(TABLE)),
                                StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the program's own table can't be read", e);
        }
    }
}
