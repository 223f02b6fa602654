package io.quotelake.producer.csv;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Turns CSV rows into quotes. Numbers that are JSON numbers (RFC 8259, section 6) as they stand are
 * copied digit by digit, so that no price changes on its way; others are brought into that form as
 * the {@link NumberStyle} of the file says. Volumes lose a fraction of zeros. A cell that holds
 * nothing, or a word for it, becomes null: the reader of the quotes is the one who judges them.
 *
 * <p>Not safe for use by several threads: it reuses its buffer.
 */
final class QuoteEncoder {

    private static final byte[] NULL = ascii("null");
    private static final byte[] QUOTE_MARK = ascii("\"");
    private static final byte[] HEX = ascii("0123456789abcdef");
    private static final char REPLACEMENT = '\uFFFD';

    /**
     * What the first version of this program took for a number; see {@link #hasReadFurtherForms}.
     */
    private static final Pattern OLD_NUMBER =
            Pattern.compile(
                    "[+-]?(\\d+|\\d{1,3}(,\\d{3})+|(?=\\.\\d))(\\.\\d*)?([eE][+-]?\\d{1,9})?");

    private static final Field[] NUMBERS =
            Arrays.copyOfRange(Field.values(), Field.OPEN.ordinal(), Field.values().length);
    private static final byte[][] NUMBER_NAMES =
            Arrays.stream(NUMBERS)
                    .map(field -> ascii(",\"" + field.jsonName() + "\":"))
                    .toArray(byte[][]::new);

    private final Columns columns;
    private final int columnCount;
    private final Reading reading;
    private final DateFormat dateFormat;
    private final NumberStyle style;
    private final boolean copiesJson;
    private final byte[] missingVolume;
    private final boolean roundsVolume;
    private final PriceTolerance tolerance;

    private byte[] buffer = new byte[1024];
    private int length;

    /** Where the number of each field ends in the buffer, and where its name begins. */
    private final int[] numberEnds = new int[NUMBERS.length + 1];

    private boolean extended;

    /** The index of the row before, which most rows share, and the start of its JSON. */
    private char[] index = {};

    private byte[] key;
    private byte[] jsonStart = ascii("{\"index\":null,\"date\":");

    /**
     * @param columns where the fields stand
     * @param reading how the file is written, and what is to be mended
     */
    QuoteEncoder(Columns columns, Reading reading) {
        this.columns = columns;
        this.columnCount = columns.header().size();
        this.reading = reading;
        this.dateFormat = reading.dateFormat();
        this.style = reading.numberStyle();
        this.copiesJson = style.copiesJson();
        CsvOptions options = reading.options();
        this.missingVolume =
                options.missingVolume() == null ? NULL : ascii("" + options.missingVolume());
        this.roundsVolume = options.roundVolume();
        this.tolerance =
                options.priceTolerance() == 0 ? null : new PriceTolerance(options.priceTolerance());
        if (columns.index() != null) {
            setIndex(columns.index());
        }
    }

    /**
     * @throws RejectedRowException when the row can't become JSON; the message is the reason
     */
    Quote encode(CsvRow row) throws RejectedRowException {
        checkWidth(row);
        length = 0;
        readIndex(row);
        append(jsonStart);

        int dateOffset = length + 1;
        int epochDay = Quote.NO_DATE;
        int dateCell = columns.cell(Field.DATE);
        if (NumberStyle.isMissing(row.text(), row.start(dateCell), row.end(dateCell))) {
            append(NULL);
        } else {
            epochDay = dateFormat.epochDay(row.text(), row.start(dateCell), row.end(dateCell));
            append(QUOTE_MARK);
            appendDate(epochDay);
            append(QUOTE_MARK);
        }

        for (int i = 0; i < NUMBERS.length; i++) {
            numberEnds[i] = length;
            append(NUMBER_NAMES[i]);
            appendNumber(row, NUMBERS[i]);
        }
        numberEnds[NUMBERS.length] = length;
        reserve(1);
        buffer[length++] = '}';
        byte[] json = Arrays.copyOf(buffer, length);
        if (tolerance != null) {
            json = tolerance.widened(json, numberEnds);
        }
        return new Quote(key, json, dateOffset, epochDay);
    }

    /** Where the numbers of the last quote end in its JSON, behind where the first name begins. */
    int[] numberEnds() {
        return numberEnds;
    }

    /**
     * Whether the row holds nothing for this index, as in files of several indices side by side.
     */
    boolean isEmptyIn(CsvRow row) {
        for (Field field : NUMBERS) {
            int cell = columns.cell(field);
            if (cell >= 0
                    && cell < row.cells()
                    && !NumberStyle.isMissing(row.text(), row.start(cell), row.end(cell))) {
                return false;
            }
        }
        return true;
    }

    /** Where the JSON of a number starts: behind its name. */
    static int numberStart(int[] numberEnds, int number) {
        return numberEnds[number] + NUMBER_NAMES[number].length;
    }

    /** Whether a cell was read that could not be read before this program knew such cells. */
    boolean hasReadFurtherForms() {
        return extended;
    }

    private void checkWidth(CsvRow row) throws RejectedRowException {
        int cells = row.cells();
        while (cells > columnCount && row.isEmpty(cells - 1)) {
            cells--;
        }
        if (cells != columnCount) {
            throw new RejectedRowException(
                    "%d cells where the header has %d".formatted(cells, columnCount));
        }
    }

    private void readIndex(CsvRow row) throws RejectedRowException {
        int cell = columns.cell(Field.INDEX);
        if (cell < 0) {
            return;
        }
        int start = row.start(cell);
        int end = row.end(cell);
        if (Arrays.equals(row.text(), start, end, index, 0, index.length)) {
            return;
        }
        String name = row.string(cell);
        if (name.indexOf(REPLACEMENT) >= 0) {
            throw new RejectedRowException(
                    "index '%s' is not %s: name the encoding with --encoding, such as windows-1252"
                            .formatted(name, reading.encoding()));
        }
        setIndex(name);
    }

    private void setIndex(String name) {
        boolean isNull = name.isEmpty() || name.equalsIgnoreCase("null") || isNan(name);
        String folder = isNull ? name : reading.names().of(name);
        length = 0;
        append(ascii("{\"index\":"));
        if (isNull) {
            append(NULL);
        } else {
            appendString(folder);
        }
        append(ascii(",\"date\":"));
        jsonStart = Arrays.copyOf(buffer, length);
        length = 0;
        key = isNull ? null : folder.getBytes(StandardCharsets.UTF_8);
        index = name.toCharArray();
    }

    private static boolean isNan(String name) {
        return name.equalsIgnoreCase("nan");
    }

    private void appendString(String text) {
        append(QUOTE_MARK);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            reserve(6);
            if (b == '"' || b == '\\') {
                buffer[length++] = '\\';
                buffer[length++] = b;
            } else if (b >= 0 && b < ' ') {
                append(ascii("\\u00"));
                buffer[length++] = HEX[b >> 4];
                buffer[length++] = HEX[b & 0xF];
            } else {
                buffer[length++] = b;
            }
        }
        append(QUOTE_MARK);
    }

    private void appendDate(int epochDay) {
        LocalDate day = LocalDate.ofEpochDay(epochDay);
        reserve(10);
        appendTwoDigits(day.getYear() / 100);
        appendTwoDigits(day.getYear() % 100);
        buffer[length++] = '-';
        appendTwoDigits(day.getMonthValue());
        buffer[length++] = '-';
        appendTwoDigits(day.getDayOfMonth());
    }

    private void appendTwoDigits(int number) {
        buffer[length++] = (byte) ('0' + number / 10);
        buffer[length++] = (byte) ('0' + number % 10);
    }

    private void appendNumber(CsvRow row, Field field) throws RejectedRowException {
        int cell = columns.cell(field);
        if (cell < 0) {
            append(field == Field.VOLUME ? missingVolume : NULL);
            return;
        }
        char[] text = row.text();
        int start = row.start(cell);
        int end = row.end(cell);
        int jsonEnd = jsonNumberEnd(text, start, end, field == Field.VOLUME);
        if (jsonEnd > start
                && (copiesJson || isWhole(text, start, end))
                && !rounds(field, text, start, jsonEnd, end)) {
            reserve(jsonEnd - start);
            byte[] target = buffer;
            int at = length;
            for (int i = start; i < jsonEnd; i++) {
                target[at++] = (byte) text[i];
            }
            length = at;
        } else if (NumberStyle.isMissing(text, start, end)) {
            extended |= end > start && !isOldNull(text, start, end);
            append(field == Field.VOLUME ? missingVolume : NULL);
        } else {
            String cellText = row.string(cell);
            extended |= !OLD_NUMBER.matcher(cellText).matches();
            append(ascii(style.json(cellText, field, roundsVolume)));
        }
    }

    /** A volume with a fraction of zeros is copied without it; only others need calculation. */
    private boolean rounds(Field field, char[] text, int start, int jsonEnd, int end) {
        return roundsVolume
                && field == Field.VOLUME
                && jsonEnd == end
                && !isWhole(text, start, end);
    }

    private static boolean isWhole(char[] text, int start, int end) {
        for (int i = start; i < end; i++) {
            if (text[i] == '.' || text[i] == 'e' || text[i] == 'E') {
                return false;
            }
        }
        return true;
    }

    /**
     * Where the part that can be copied ends: the whole number, or of a volume the part before a
     * fraction of zeros. Negative when it isn't a JSON number, or a volume that needs calculation.
     */
    private static int jsonNumberEnd(char[] text, int start, int end, boolean isVolume) {
        int at = start;
        if (at < end && text[at] == '-') {
            at++;
        }
        int digits = at;
        at = skipDigits(text, at, end);
        if (at == digits || (text[digits] == '0' && at > digits + 1)) {
            return -1;
        }
        int wholeEnd = at;
        boolean zeros = true;
        if (at < end && text[at] == '.') {
            int fraction = ++at;
            at = skipDigits(text, at, end);
            if (at == fraction) {
                return -1;
            }
            for (int i = fraction; isVolume && i < at; i++) {
                zeros &= text[i] == '0';
            }
        }
        if (at == end) {
            return isVolume && zeros ? wholeEnd : end;
        }
        if (isVolume || (text[at] != 'e' && text[at] != 'E')) {
            return -1;
        }
        at++;
        if (at < end && (text[at] == '+' || text[at] == '-')) {
            at++;
        }
        int exponent = at;
        at = skipDigits(text, at, end);
        return at > exponent && at == end ? end : -1;
    }

    private static int skipDigits(char[] text, int start, int end) {
        int at = start;
        while (at < end && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        return at;
    }

    private static boolean isOldNull(char[] text, int start, int end) {
        return switch (end - start) {
            case 0 -> true;
            case 3 ->
                    lower(text[start]) == 'n'
                            && lower(text[start + 1]) == 'a'
                            && lower(text[start + 2]) == 'n';
            case 4 ->
                    lower(text[start]) == 'n'
                            && lower(text[start + 1]) == 'u'
                            && lower(text[start + 2]) == 'l'
                            && lower(text[start + 3]) == 'l';
            default -> false;
        };
    }

    private static int lower(char c) {
        return c | 0x20;
    }

    private void append(byte[] bytes) {
        reserve(bytes.length);
        System.arraycopy(bytes, 0, buffer, length, bytes.length);
        length += bytes.length;
    }

    private void reserve(int bytes) {
        if (length + bytes > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(length + bytes, 2 * buffer.length));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
