package io.quotelake.job.quote;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The fast path of the parser: one pass over the bytes of a quote whose texts can be copied into
 * the row as they stand. That is what well-behaved producers send, in either spelling, with or
 * without blanks.
 *
 * <p>It says yes or "not mine", never why: escapes, unknown fields, duplicates, exponents, prices
 * without a point, and everything that is not a quote are left to {@link JsonQuoteReader}, the
 * reference. Whatever this class accepts, the reference accepts with the same result.
 *
 * <p>The methods named {@code after…} take the position where something should begin and answer the
 * position behind it, or {@link #NO}.
 */
final class QuoteScanner {

    private static final int NO = -1;

    private static final byte[] NULL = ascii("null");
    private static final byte[] NAN = ascii("NaN");

    /**
     * A decimal with at most this many digits is below 2^53, so a double holds its digits exactly.
     */
    private static final int MAX_EXACT_DIGITS = 15;

    /** Powers of ten that a double holds exactly (all up to the 22nd). */
    private static final double[] POWER_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    /** A whole number with at most this many digits is at most 2^63-1. */
    private static final int MAX_VOLUME_DIGITS = 18;

    private static final List<Key> KEYS = keys();

    /** The keys of the latest quote in their order: most likely those of the next one too. */
    private final Key[] expected = new Key[QuoteField.COUNT];

    /** Fills the quote, or answers false: then its content means nothing. */
    boolean scan(byte[] text, Quote quote) {
        quote.reset(text);
        int seen = 0;
        int at = after(text, skipBlanks(text, 0), '{');
        for (int member = 0; at != NO; member++) {
            at = skipBlanks(text, at);
            Key key = keyAt(text, at, member);
            if (key == null || (seen & key.field.bit()) != 0) {
                return false;
            }
            seen |= key.field.bit();
            at = after(text, skipBlanks(text, at + key.quoted.length), ':');
            if (at == NO) {
                return false;
            }
            at = afterValue(text, skipBlanks(text, at), key.field, quote);
            if (at == NO) {
                return false;
            }
            at = skipBlanks(text, at);
            if (at < text.length && text[at] == '}') {
                return skipBlanks(text, at + 1) == text.length
                        && (seen & QuoteField.REQUIRED) == QuoteField.REQUIRED
                        && quote.hasConsistentPrices();
            }
            at = after(text, at, ',');
        }
        return false;
    }

    private Key keyAt(byte[] text, int at, int member) {
        if (member == expected.length) {
            return null;
        }
        Key likely = expected[member];
        if (likely != null && startsWith(text, at, likely.quoted)) {
            return likely;
        }
        for (Key key : KEYS) {
            if (startsWith(text, at, key.quoted)) {
                expected[member] = key;
                return key;
            }
        }
        return null;
    }

    private static int afterValue(byte[] text, int at, QuoteField field, Quote quote) {
        switch (field) {
            case INDEX:
                return afterIndex(text, at, quote);
            case DATE:
                return afterDate(text, at, quote);
            case VOLUME:
                return afterVolume(text, at, quote);
            case ADJ_CLOSE:
            case CLOSE_USD:
                return afterOptionalPrice(text, at, field, quote);
            default:
                return afterPrice(text, at, field, quote);
        }
    }

    private static int afterIndex(byte[] text, int at, Quote quote) {
        int from = after(text, at, '"');
        if (from == NO) {
            return NO;
        }
        int to = from;
        while (to < text.length && text[to] != '"') {
            to++;
        }
        quote.set(QuoteField.INDEX, from, to);
        return QuoteRules.isIndex(text, from, to) ? after(text, to, '"') : NO;
    }

    private static int afterDate(byte[] text, int at, Quote quote) {
        int from = after(text, at, '"');
        int to = from + QuoteRules.DATE_LENGTH;
        if (from == NO || to >= text.length) {
            return NO;
        }
        int date = QuoteRules.date(text, from, to);
        quote.setDate(from, to, date);
        return date == QuoteRules.NO_DATE ? NO : after(text, to, '"');
    }

    /** A price that is compared with others: its value is needed too. */
    private static int afterPrice(byte[] text, int from, QuoteField field, Quote quote) {
        boolean negative = from < text.length && text[from] == '-';
        int whole = negative ? from + 1 : from;
        long digits = 0;
        int point = whole;
        while (point < text.length && QuoteRules.isDigit(text[point])) {
            digits = digits * 10 + text[point++] - '0';
        }
        int to = point + 1;
        while (to < text.length && QuoteRules.isDigit(text[to])) {
            digits = digits * 10 + text[to++] - '0';
        }
        if (!isPlainDecimal(text, from, whole, point, to)) {
            return NO;
        }
        double price;
        if (to - whole - 1 <= MAX_EXACT_DIGITS) {
            // Both are doubles, so their quotient is the double nearest to the decimal.
            double magnitude = digits / POWER_OF_TEN[to - point - 1];
            price = negative ? -magnitude : magnitude;
        } else {
            price =
                    Double.parseDouble(
                            new String(text, from, to - from, StandardCharsets.US_ASCII));
        }
        quote.setPrice(field, from, to, price);
        return to;
    }

    private static int afterOptionalPrice(byte[] text, int from, QuoteField field, Quote quote) {
        if (startsWith(text, from, NULL)) {
            return from + NULL.length;
        }
        if (startsWith(text, from, NAN)) {
            return from + NAN.length;
        }
        int whole = from < text.length && text[from] == '-' ? from + 1 : from;
        int point = skipDigits(text, whole);
        int to = skipDigits(text, point + 1);
        if (!isPlainDecimal(text, from, whole, point, to)) {
            return NO;
        }
        quote.set(field, from, to);
        return to;
    }

    /** The rule of {@link QuoteRules#isPlainDecimal}, for a number whose parts are known. */
    private static boolean isPlainDecimal(byte[] text, int from, int whole, int point, int to) {
        boolean leadingZero = point > whole + 1 && text[whole] == '0';
        return point > whole
                && !leadingZero
                && to > point + 1
                && text[point] == '.'
                && to - from <= QuoteRules.MAX_COPIED_LENGTH;
    }

    /** A whole number, also as 12.0 or 12.000: what is copied ends before the point. */
    private static int afterVolume(byte[] text, int from, Quote quote) {
        int to = skipDigits(text, from);
        int digits = to - from;
        if (digits == 0 || digits > MAX_VOLUME_DIGITS || digits > 1 && text[from] == '0') {
            return NO;
        }
        quote.set(QuoteField.VOLUME, from, to);
        if (after(text, to, '.') == NO) {
            return to;
        }
        int zeros = to + 1;
        int end = zeros;
        while (end < text.length && text[end] == '0') {
            end++;
        }
        return end > zeros ? end : NO;
    }

    private static int skipDigits(byte[] text, int from) {
        int at = from;
        while (at < text.length && QuoteRules.isDigit(text[at])) {
            at++;
        }
        return at;
    }

    private static int skipBlanks(byte[] text, int from) {
        int at = from;
        while (at < text.length && text[at] <= ' ' && isBlank(text[at])) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    private static int after(byte[] text, int at, char character) {
        return at < text.length && text[at] == character ? at + 1 : NO;
    }

    private static boolean startsWith(byte[] text, int at, byte[] beginning) {
        if (at + beginning.length > text.length) {
            return false;
        }
        for (int i = 0; i < beginning.length; i++) {
            if (text[at + i] != beginning[i]) {
                return false;
            }
        }
        return true;
    }

    private static List<Key> keys() {
        List<Key> keys = new ArrayList<>();
        for (QuoteField field : QuoteField.values()) {
            keys.add(new Key(field, ascii("\"" + field.key() + "\"")));
            keys.add(new Key(field, ascii("\"" + field.tutorialKey() + "\"")));
        }
        return keys;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A field in one of its spellings, with the quotation marks around it. */
    private record Key(QuoteField field, byte[] quoted) {}
}
