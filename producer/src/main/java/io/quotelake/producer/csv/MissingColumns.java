package io.quotelake.producer.csv;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Says which columns a file lacks, and which options help: all of them at once. */
final class MissingColumns {

    private final CsvInput input;
    private final Columns columns;
    private final List<Field> missing;
    private final boolean volumeless;
    private final boolean oneOfMany;

    /**
     * @param columns what was found
     * @param missing the required fields that were not
     * @param volumeless whether no row has a volume, be there a column or not
     * @param oneOfMany whether other files are read too, which one name for all rows would not suit
     */
    MissingColumns(
            CsvInput input,
            Columns columns,
            List<Field> missing,
            boolean volumeless,
            boolean oneOfMany) {
        this.volumeless = volumeless;
        this.oneOfMany = oneOfMany;
        this.input = input;
        this.columns = columns;
        this.missing = missing;
    }

    String complaint() {
        List<String> options = new ArrayList<>();
        List<Field> others = new ArrayList<>(missing);
        if (others.remove(Field.INDEX)) {
            options.add(oneOfMany ? "--index-from-file-name" : "--as-index " + suggestedIndex());
        }
        if (others.remove(Field.VOLUME) || volumeless) {
            options.add("--missing-volume 0");
        }
        if (!others.isEmpty()) {
            options.add("--columns " + suggestedColumns(others));
        }
        return "%s has no column for %s (its columns are %s): add %s%s"
                .formatted(
                        input,
                        missing.stream().map(Field::jsonName).collect(Collectors.joining(", ")),
                        Columns.quoted(columns.header()),
                        String.join(" ", options),
                        remark(others));
    }

    private String suggestedIndex() {
        String plain = IndexNames.plain(input.stem());
        return IndexNames.isFolder(plain) && !input.isReadOnce() ? plain : "NAME";
    }

    private String suggestedColumns(List<Field> fields) {
        return fields.stream()
                .map(field -> field.jsonName() + "=" + suggestedColumn(field))
                .collect(Collectors.joining(","));
    }

    /** The close for other prices, where it is all that there is; else the person must know. */
    private String suggestedColumn(Field field) {
        boolean closeOnly =
                columns.has(Field.CLOSE)
                        && !columns.has(Field.OPEN)
                        && !columns.has(Field.HIGH)
                        && !columns.has(Field.LOW);
        if (field.isPrice() && closeOnly) {
            return quoted(columns.header().get(columns.cell(Field.CLOSE)));
        }
        if (field == Field.CLOSE && columns.has(Field.ADJ_CLOSE)) {
            return quoted(columns.header().get(columns.cell(Field.ADJ_CLOSE)));
        }
        return "NAME";
    }

    private static String quoted(String name) {
        return name.matches("[A-Za-z0-9_.]+") ? name : "'" + name + "'";
    }

    private String remark(List<Field> others) {
        boolean isClose = others.stream().anyMatch(field -> !suggestedColumn(field).equals("NAME"));
        return isClose ? " (the same column for several fields, if that is what is meant)" : "";
    }
}
