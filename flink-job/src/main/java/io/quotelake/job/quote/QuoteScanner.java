package io.quotelake.job.quote;

import java.nio.charset.StandardCharsets;

/**
 * The fast path of the parser: one pass over the bytes of a quote whose texts can be copied into
 * the row as they stand. That is what well-behaved producers send, in either spelling, with or
 * without blanks.
 *
 * <p>It says yes or "not mine", never why: escapes, unknown fields, duplicates, exponents, prices
 * without a point, and everything that is not a quote are left to {@link JsonQuoteReader}, the
 * reference. Whatever this class accepts, the reference accepts with the same result.
 */
final class QuoteScanner {

    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NAN = "NaN".getBytes(StandardCharsets.US_ASCII);

    /** A decimal with so few digits is below 2^53: its digits are a double, exactly. */
    private static final int MAX_EXACT_DIGITS = 15;

    /** Up to the 22nd, powers of ten are doubles, exactly. */
    private static final double[] POWER_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    /** No whole number with so few digits is beyond 2^63-1. */
    private static final int MAX_VOLUME_DIGITS = 18;

    /** Keys by a hash of their bytes that tells all spellings apart. */
    private static final QuoteField[] FIELD_BY_HASH = new QuoteField[256];

    private static final byte[][] KEY_BY_HASH = new byte[256][];

    static {
        for (QuoteField field : QuoteField.values()) {
            register(field, field.key());
            register(field, field.tutorialKey());
        }
    }

    private byte[] bytes;
    private int position;

    /** Fills the quote, or answers false: then its content means nothing. */
    boolean scan(byte[] value, Quote quote) {
        bytes = value;
        position = 0;
        quote.reset(value);
        skipBlanks();
        if (!take('{')) {
            return false;
        }
        int seen = 0;
        do {
            skipBlanks();
            QuoteField field = takeKey();
            if (field == null || (seen & field.bit()) != 0) {
                return false;
            }
            seen |= field.bit();
            skipBlanks();
            if (!take(':')) {
                return false;
            }
            skipBlanks();
            if (!takeValue(field, quote)) {
                return false;
            }
            skipBlanks();
        } while (take(','));
        if (!take('}')) {
            return false;
        }
        skipBlanks();
        return position == bytes.length
                && (seen & QuoteField.REQUIRED) == QuoteField.REQUIRED
                && quote.hasConsistentPrices();
    }

    private boolean takeValue(QuoteField field, Quote quote) {
        switch (field) {
            case INDEX:
                return takeIndex(quote);
            case DATE:
                return takeDate(quote);
            case VOLUME:
                return takeVolume(quote);
            case ADJ_CLOSE:
            case CLOSE_USD:
                return takeLiteral(NULL) || takeLiteral(NAN) || takePrice(field, quote);
            default:
                return takePrice(field, quote);
        }
    }

    private QuoteField takeKey() {
        if (!take('"')) {
            return null;
        }
        int from = position;
        int hash = 0;
        while (position < bytes.length && bytes[position] != '"') {
            hash = hash * 31 + bytes[position++];
        }
        int slot = slot(hash);
        byte[] key = KEY_BY_HASH[slot];
        if (key == null || !matches(key, from, position)) {
            return null;
        }
        return take('"') ? FIELD_BY_HASH[slot] : null;
    }

    private boolean takeIndex(Quote quote) {
        if (!take('"')) {
            return false;
        }
        int from = position;
        while (position < bytes.length && bytes[position] != '"') {
            position++;
        }
        quote.set(QuoteField.INDEX, from, position);
        return QuoteRules.isIndex(bytes, from, position) && take('"');
    }

    private boolean takeDate(Quote quote) {
        int from = position + 1;
        int to = from + QuoteRules.DATE_LENGTH;
        if (!take('"') || to >= bytes.length) {
            return false;
        }
        int date = QuoteRules.date(bytes, from, to);
        quote.setDate(from, to, date);
        position = to;
        return date != QuoteRules.NO_DATE && take('"');
    }

    private boolean takePrice(QuoteField field, Quote quote) {
        int from = position;
        boolean negative = take('-');
        int wholeFrom = position;
        long digits = takeDigits(0);
        int whole = position - wholeFrom;
        if (whole == 0 || whole > 1 && bytes[wholeFrom] == '0' || !take('.')) {
            return false;
        }
        int fractionFrom = position;
        digits = takeDigits(digits);
        int fraction = position - fractionFrom;
        if (fraction == 0 || position - from > QuoteRules.MAX_COPIED_LENGTH) {
            return false;
        }
        double price = 0;
        if (whole + fraction <= MAX_EXACT_DIGITS) {
            double magnitude = digits / POWER_OF_TEN[fraction];
            price = negative ? -magnitude : magnitude;
        } else if (field.isRequired()) {
            // Only prices that are compared need a value.
            price = Double.parseDouble(text(from, position));
        }
        quote.setPrice(field, from, position, price);
        return true;
    }

    private boolean takeVolume(Quote quote) {
        int from = position;
        takeDigits(0);
        int to = position;
        int digits = to - from;
        if (digits == 0 || digits > MAX_VOLUME_DIGITS || digits > 1 && bytes[from] == '0') {
            return false;
        }
        quote.set(QuoteField.VOLUME, from, to);
        return !take('.') || takeZeros();
    }

    /** Whether there is a zero and then only zeros: a volume such as 12.00 is whole. */
    private boolean takeZeros() {
        int from = position;
        while (take('0')) {
            continue;
        }
        return position > from
                && (position == bytes.length || !QuoteRules.isDigit(bytes[position]));
    }

    /** Appends digits to a number; it overflows unnoticed, and is then not used. */
    private long takeDigits(long number) {
        byte[] text = bytes;
        int i = position;
        long result = number;
        while (i < text.length && QuoteRules.isDigit(text[i])) {
            result = result * 10 + text[i++] - '0';
        }
        position = i;
        return result;
    }

    private boolean takeLiteral(byte[] literal) {
        int to = position + literal.length;
        if (to > bytes.length || !matches(literal, position, to)) {
            return false;
        }
        position = to;
        return true;
    }

    private boolean take(char expected) {
        if (position < bytes.length && bytes[position] == expected) {
            position++;
            return true;
        }
        return false;
    }

    private void skipBlanks() {
        while (position < bytes.length && isBlank(bytes[position])) {
            position++;
        }
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    private boolean matches(byte[] expected, int from, int to) {
        if (expected.length != to - from) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (bytes[from + i] != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
    }

    private static void register(QuoteField field, String key) {
        byte[] ascii = key.getBytes(StandardCharsets.US_ASCII);
        int hash = 0;
        for (byte c : ascii) {
            hash = hash * 31 + c;
        }
        int slot = slot(hash);
        if (KEY_BY_HASH[slot] != null) {
            throw new IllegalStateException("two keys share a slot: " + key);
        }
        KEY_BY_HASH[slot] = ascii;
        FIELD_BY_HASH[slot] = field;
    }

    private static int slot(int hash) {
        return (hash ^ hash >>> 8) & 255;
    }
}
