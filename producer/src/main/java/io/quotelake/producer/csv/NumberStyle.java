package io.quotelake.producer.csv;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Set;

/**
 * How the numbers of a file are written, once that is decided. A cell that could be two numbers is
 * none while nothing has decided.
 *
 * @param mark the decimal mark
 * @param decided whether the file, or the person, has decided it; else only such cells are read
 *     that are one number with either mark, or that JSON knows
 * @param mixed whether some cells speak for the other mark: then a cell that could be two numbers
 *     is none either
 */
record NumberStyle(DecimalMark mark, boolean decided, boolean mixed) {

    /** Longer whole numbers are left as they came: they are far out of any range. */
    private static final int MAX_VOLUME_DIGITS = 40;

    private static final int MAX_TEXT_CHARS = 1000;

    /** What stands where there is no number. */
    private static final Set<String> MISSING =
            Set.of(
                    "null",
                    "nan",
                    "na",
                    "n/a",
                    "#n/a",
                    "#n/a n/a",
                    "n.a.",
                    "n.a",
                    "nil",
                    "none",
                    "nd",
                    "n/d",
                    "\\n",
                    ".",
                    "..",
                    "-",
                    "--",
                    "---",
                    "\u2013",
                    "\u2014",
                    "\u2212",
                    "<na>",
                    "<null>",
                    "k.a.");

    private static final int LONGEST_MISSING = 8;

    /** Whether a number that JSON knows is that number here too, and can be copied. */
    boolean copiesJson() {
        return mark == DecimalMark.point && !mixed;
    }

    /** Whether the cell says that there is no number. */
    static boolean isMissing(char[] text, int start, int end) {
        int length = end - start;
        if (length == 0) {
            return true;
        }
        if (length > LONGEST_MISSING || text[start] >= '0' && text[start] <= '9') {
            return false;
        }
        return MISSING.contains(new String(text, start, length).toLowerCase(Locale.ROOT));
    }

    /**
     * The number as JSON writes it.
     *
     * @param isVolume a volume may have a suffix such as {@code K}, and loses a fraction of zeros
     * @param round whether a volume is rounded to a whole number, half up
     * @throws RejectedRowException when the text is no number, or could be two
     */
    String json(String text, Field field, boolean round) throws RejectedRowException {
        boolean isVolume = field == Field.VOLUME;
        NumberText number = text.length() > MAX_TEXT_CHARS ? null : NumberText.parse(text);
        if (number == null || number.percent() || number.zeros() > 0 && !isVolume) {
            throw new RejectedRowException(
                    "%s '%s' is not a number%s"
                            .formatted(
                                    field.jsonName(),
                                    abbreviated(text),
                                    text.indexOf('\uFFFD') < 0
                                            ? ""
                                            : "; the text is of another encoding: name it with --encoding, such as windows-1252"));
        }
        boolean here = number.isNumberWith(mark);
        boolean there = number.isNumberWith(mark.other());
        boolean hasMark = number.body().indexOf('.') >= 0 || number.body().indexOf(',') >= 0;
        if (!here) {
            throw new RejectedRowException(
                    there
                            ? "%s '%s' is a number only with a decimal %s, and this file has the %s; say which with --decimal"
                                    .formatted(field.jsonName(), text, mark.other(), mark)
                            : "%s '%s' is not a number".formatted(field.jsonName(), text));
        }
        if (there && hasMark && (mixed || !decided) && !isJson(number)) {
            throw new RejectedRowException(
                    "%s '%s' could be %s or %s: say which with --decimal point or --decimal comma"
                            .formatted(
                                    field.jsonName(),
                                    text,
                                    number.digits(DecimalMark.point),
                                    number.digits(DecimalMark.comma)));
        }
        BigDecimal value =
                new BigDecimal(
                                (number.negative() ? "-" : "")
                                        + number.digits(mark)
                                        + "e"
                                        + number.exponent())
                        .scaleByPowerOfTen(number.zeros());
        return isVolume ? volume(value, round) : value.toString();
    }

    /** A point that nothing contradicts is what JSON has. */
    private boolean isJson(NumberText number) {
        return !mixed && mark == DecimalMark.point && number.body().indexOf(',') < 0;
    }

    private static String volume(BigDecimal value, boolean round) {
        if (Math.abs((long) value.precision() - value.scale()) > MAX_VOLUME_DIGITS) {
            return value.toString();
        }
        if (round) {
            return value.setScale(0, RoundingMode.HALF_UP).toPlainString();
        }
        return value.stripTrailingZeros().scale() <= 0
                ? value.toBigInteger().toString()
                : value.toPlainString();
    }

    private static String abbreviated(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }
}
