package io.quotelake.producer.csv;

import io.quotelake.producer.terminal.UsageException;

/**
 * What the numbers of a whole file say about its decimal mark. {@code 87,7} is a number only with a
 * comma, {@code 1,234.5} only with a point, {@code 13,279} with both: such a cell is read as the
 * others say, and where none says anything, not at all.
 */
final class NumberEvidence {

    private static final String THREE_ZEROS = "000";

    /** Cells that are numbers with one mark only. */
    private final long[] only = new long[DecimalMark.values().length];

    /** The same in columns that are no field of the quote, such as the change in percent. */
    private final long[] onlyElsewhere = new long[DecimalMark.values().length];

    private final String[] example = new String[DecimalMark.values().length];
    private final long[] exampleLine = new long[DecimalMark.values().length];

    /** A price that could be two numbers, by the sign in it. */
    private final String[] either = new String[DecimalMark.values().length];

    /** A volume that could be two numbers. */
    private String eitherVolume;

    /** Volumes that could be two numbers, and are whole with one mark only. */
    private final long[] wholeVolumes = new long[DecimalMark.values().length];

    private final DecimalMark told;

    /**
     * @param told the mark of the option, or null
     */
    NumberEvidence(DecimalMark told) {
        this.told = told;
    }

    /** Takes a cell of a price or a volume into account. */
    void add(char[] text, int start, int end, boolean isVolume, long line) {
        int point = -1;
        int at = start;
        while (at < end && (text[at] >= '0' && text[at] <= '9' || text[at] == '.')) {
            if (text[at] == '.') {
                if (point >= 0) {
                    break;
                }
                point = at;
            }
            at++;
        }
        if (at == end && point < 0) {
            return;
        }
        boolean plain = at == end && end - start > 1;
        if (plain && (end - point != 4 || point - start > 3 || text[start] == '0')) {
            count(DecimalMark.point, text, start, end, line);
            return;
        }
        addOther(new String(text, start, end - start), isVolume, line);
    }

    private void addOther(String text, boolean isVolume, long line) {
        NumberText number = NumberText.parse(text);
        if (number == null) {
            return;
        }
        boolean withPoint = number.isNumberWith(DecimalMark.point);
        boolean withComma = number.isNumberWith(DecimalMark.comma);
        if (withPoint != withComma) {
            DecimalMark mark = withPoint ? DecimalMark.point : DecimalMark.comma;
            count(mark, text.toCharArray(), 0, text.length(), line);
        } else if (withPoint) {
            addEither(number, text, isVolume);
        }
    }

    private void addEither(NumberText number, String text, boolean isVolume) {
        int sign = number.body().indexOf('.') >= 0 ? 0 : number.body().indexOf(',') >= 0 ? 1 : -1;
        if (sign < 0) {
            return;
        }
        boolean isWholeWithBoth = number.body().endsWith(THREE_ZEROS);
        if (isVolume) {
            wholeVolumes[1 - sign] += number.zeros() == 0 && !isWholeWithBoth ? 1 : 0;
            eitherVolume = eitherVolume == null ? text : eitherVolume;
        } else if (either[sign] == null) {
            either[sign] = text;
        }
    }

    private void count(DecimalMark mark, char[] text, int start, int end, long line) {
        int i = mark.ordinal();
        if (only[i]++ == 0) {
            example[i] = new String(text, start, end - start);
            exampleLine[i] = line;
        }
    }

    /** Takes a cell of another column into account, which may be anything. */
    void addElsewhere(String text) {
        NumberText number = NumberText.parse(text);
        if (number == null) {
            return;
        }
        boolean withPoint = number.isNumberWith(DecimalMark.point);
        if (withPoint != number.isNumberWith(DecimalMark.comma)) {
            onlyElsewhere[withPoint ? 0 : 1]++;
        }
    }

    /** Whether other columns are worth a look. */
    boolean isUndecided() {
        return only[0] == 0 && only[1] == 0;
    }

    /**
     * The style of the file.
     *
     * @param file the file's name, for messages
     * @param separator what stands between the cells: a comma there leaves the point as the mark of
     *     numbers without quotes
     * @param wholeFile whether all cells were seen; else a cell that could be two numbers is
     *     rejected when it comes
     * @throws UsageException when a price could be two numbers and nothing decides
     */
    NumberStyle decide(String file, char separator, boolean wholeFile) {
        if (told != null) {
            return new NumberStyle(told, true, false);
        }
        if (!isUndecided()) {
            DecimalMark mark = only[0] >= only[1] ? DecimalMark.point : DecimalMark.comma;
            if (only[0] == only[1]) {
                throw new UsageException(
                        "%s: '%s' (line %d) has a decimal point and '%s' (line %d) a decimal comma: say which the file has with --decimal point or --decimal comma"
                                .formatted(
                                        file,
                                        example[0],
                                        exampleLine[0],
                                        example[1],
                                        exampleLine[1]));
            }
            return new NumberStyle(mark, true, only[mark.other().ordinal()] > 0);
        }
        boolean noPrice = either[0] == null && either[1] == null;
        boolean pointsAreDecimal = separator == ',';
        boolean point = onlyElsewhere[0] > 0 || noPrice && wholeVolumes[0] > 0;
        boolean comma = onlyElsewhere[1] > 0 || noPrice && wholeVolumes[1] > 0 && !pointsAreDecimal;
        if (point != comma) {
            return new NumberStyle(point ? DecimalMark.point : DecimalMark.comma, true, false);
        }
        if (noPrice && eitherVolume == null) {
            return new NumberStyle(DecimalMark.point, wholeFile, false);
        }
        boolean hasComma =
                either[1] != null || eitherVolume != null && eitherVolume.indexOf(',') >= 0;
        if (pointsAreDecimal && !hasComma) {
            return new NumberStyle(DecimalMark.point, true, false);
        }
        String cell = either[1] != null ? either[1] : either[0] != null ? either[0] : eitherVolume;
        NumberText number = NumberText.parse(cell);
        throw new UsageException(
                "%s: '%s' could be %s or %s, and no number in the file decides: add --decimal comma or --decimal point"
                        .formatted(
                                file,
                                cell,
                                number.digits(DecimalMark.comma),
                                number.digits(DecimalMark.point)));
    }
}
