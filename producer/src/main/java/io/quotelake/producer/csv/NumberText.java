package io.quotelake.producer.csv;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number as people write it, taken apart: {@code $1,234.50}, {@code 69.17M}, {@code -0,70 %},
 * {@code 1'234.5}, {@code 12,34,567}.
 *
 * @param negative whether a minus sign stands before it
 * @param body digits, points and commas
 * @param groupedBySigns whether apostrophes or spaces grouped the digits, so that neither point nor
 *     comma does
 * @param exponent what follows {@code e}, or 0
 * @param zeros by how many powers of ten a suffix such as {@code M} multiplies it
 * @param percent whether it is a share
 */
record NumberText(
        boolean negative,
        String body,
        boolean groupedBySigns,
        int exponent,
        int zeros,
        boolean percent) {

    private static final String CURRENCY = "(?:\\p{Sc}|Rs\\.?|USD|EUR|GBP|CHF|JPY|INR|CNY|HKD|KRW)";
    private static final String SPACE = "[\\p{Zs}]*";
    private static final Pattern SYNTAX =
            Pattern.compile(
                    "([+\\-\u2212]?)%s(?:%s%s)?([+\\-\u2212]?)(\\d(?:[\\d.,'\u2019\\p{Zs}]*[\\d.,])?|[.,]\\d+)(?:[eE]([+-]?\\d{1,9}))?%s(?:%s|(%%)|([A-Za-z]{1,4})\\.?)?"
                            .formatted(SPACE, CURRENCY, SPACE, SPACE, CURRENCY));
    private static final Pattern SIGNS = Pattern.compile("['\u2019\\p{Zs}]");
    private static final Pattern GROUPED_BY_SIGNS =
            Pattern.compile("\\d{1,3}(?:['\u2019\\p{Zs}]\\d{3})+(?:[.,]\\d*)?");

    private static final Map<String, Integer> SUFFIXES =
            Map.ofEntries(
                    Map.entry("k", 3),
                    Map.entry("tsd", 3),
                    Map.entry("m", 6),
                    Map.entry("mn", 6),
                    Map.entry("mln", 6),
                    Map.entry("mio", 6),
                    Map.entry("b", 9),
                    Map.entry("bn", 9),
                    Map.entry("mrd", 9),
                    Map.entry("mld", 9),
                    Map.entry("t", 12));

    /** The number in the text, or null when it isn't one. */
    static NumberText parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        String first = matcher.group(1);
        String second = matcher.group(2);
        String suffix = matcher.group(6);
        int zeros = suffix == null ? 0 : zeros(suffix);
        if (zeros < 0 || !first.isEmpty() && !second.isEmpty()) {
            return null;
        }
        String body = matcher.group(3);
        boolean groupedBySigns = SIGNS.matcher(body).find();
        if (groupedBySigns) {
            if (!GROUPED_BY_SIGNS.matcher(body).matches()) {
                return null;
            }
            body = SIGNS.matcher(body).replaceAll("");
        }
        String sign = first + second;
        return new NumberText(
                !sign.isEmpty() && !sign.equals("+"),
                body,
                groupedBySigns,
                matcher.group(4) == null ? 0 : Integer.parseInt(matcher.group(4)),
                zeros,
                matcher.group(5) != null);
    }

    /** By how many powers of ten a suffix multiplies, or a negative number when it is none. */
    private static int zeros(String suffix) {
        return SUFFIXES.getOrDefault(suffix.toLowerCase(Locale.ROOT), -1);
    }

    /** Whether the body is a number when this is its decimal mark. */
    boolean isNumberWith(DecimalMark mark) {
        int decimal = body.indexOf(mark.sign());
        if (decimal != body.lastIndexOf(mark.sign())) {
            return false;
        }
        String whole = decimal < 0 ? body : body.substring(0, decimal);
        if (body.indexOf(mark.other().sign(), Math.max(0, decimal)) >= 0 && decimal >= 0) {
            return false;
        }
        return whole.indexOf(mark.other().sign()) < 0
                || !groupedBySigns && isGrouped(whole, mark.other().sign());
    }

    /** In groups of three, or as lakh and crore: the last of three digits, those before of two. */
    private static boolean isGrouped(String whole, char sign) {
        String[] groups = whole.split(Pattern.quote(String.valueOf(sign)), -1);
        int last = groups.length - 1;
        if (groups[last].length() != 3 || groups[0].startsWith("0") || groups[0].isEmpty()) {
            return false;
        }
        boolean threes = groups[0].length() <= 3;
        boolean twos = groups[0].length() <= 2;
        for (int i = 1; i < last; i++) {
            threes &= groups[i].length() == 3;
            twos &= groups[i].length() == 2;
        }
        return threes || twos;
    }

    /** The digits with a point before the fraction, and no other sign. */
    String digits(DecimalMark mark) {
        return body.replace(String.valueOf(mark.other().sign()), "").replace(mark.sign(), '.');
    }
}
