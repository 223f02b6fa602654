package io.quotelake.job.quote;

/**
 * What the texts of a quote may look like. All take a slice of ASCII text: from, to (exclusive).
 */
final class QuoteRules {

    /** {@code yyyy-MM-dd}. */
    static final int DATE_LENGTH = 10;

    /** What {@link #date} answers for anything but a date. */
    static final int NO_DATE = -1;

    /**
     * A plain decimal of up to this many characters is copied as it stands. Seventeen significant
     * digits, which name every double, fit with sign, point and leading zeros.
     */
    static final int MAX_COPIED_LENGTH = 24;

    private static final int MAX_INDEX_LENGTH = 32;
    private static final int[] DAYS_OF_MONTH = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private QuoteRules() {}

    /**
     * Whether an index can be a folder's name that no Hive-style reader escapes: {@code
     * (?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]{0,31}}.
     */
    static boolean isIndex(byte[] text, int from, int to) {
        if (to - from < 1 || to - from > MAX_INDEX_LENGTH || !isLetterOrDigit(text[from])) {
            return false;
        }
        for (int i = from + 1; i < to; i++) {
            byte c = text[i];
            if (!isLetterOrDigit(c) && c != '.' && c != '_' && c != '-') {
                return false;
            }
            if (c == '.' && text[i - 1] == '.') {
                return false;
            }
        }
        return true;
    }

    /**
     * The date as the number yyyymmdd.
     *
     * @return {@link #NO_DATE} unless it is a day of the ISO calendar, 0000-01-01 to 9999-12-31,
     *     written {@code yyyy-MM-dd}
     */
    static int date(byte[] text, int from, int to) {
        if (to - from != DATE_LENGTH || text[from + 4] != '-' || text[from + 7] != '-') {
            return NO_DATE;
        }
        int century = twoDigits(text, from);
        int yearOfCentury = twoDigits(text, from + 2);
        int month = twoDigits(text, from + 5);
        int day = twoDigits(text, from + 8);
        if (century < 0 || yearOfCentury < 0 || month < 1 || month > 12 || day < 1) {
            return NO_DATE;
        }
        int year = century * 100 + yearOfCentury;
        boolean leapYear = year % 4 == 0 && (yearOfCentury != 0 || year % 400 == 0);
        int lastDay = month == 2 && leapYear ? 29 : DAYS_OF_MONTH[month - 1];
        return day > lastDay ? NO_DATE : year * 10_000 + month * 100 + day;
    }

    /**
     * Whether a number is spelled as rows spell prices, {@code -?(0|[1-9][0-9]*)\.[0-9]+}, and
     * short enough to be copied: the digits that came in are then the digits that go out.
     */
    static boolean isPlainDecimal(byte[] text, int from, int to) {
        if (to - from > MAX_COPIED_LENGTH) {
            return false;
        }
        int whole = from < to && text[from] == '-' ? from + 1 : from;
        int point = endOfDigits(text, whole, to);
        boolean leadingZero = point > whole + 1 && text[whole] == '0';
        if (point == whole || leadingZero || point == to || text[point] != '.') {
            return false;
        }
        return point + 1 < to && endOfDigits(text, point + 1, to) == to;
    }

    private static int endOfDigits(byte[] text, int from, int to) {
        int i = from;
        while (i < to && isDigit(text[i])) {
            i++;
        }
        return i;
    }

    private static int twoDigits(byte[] text, int at) {
        return isDigit(text[at]) && isDigit(text[at + 1])
                ? (text[at] - '0') * 10 + text[at + 1] - '0'
                : -1;
    }

    static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetterOrDigit(byte c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c);
    }
}
