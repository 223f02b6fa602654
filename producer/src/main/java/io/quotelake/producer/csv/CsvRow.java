package io.quotelake.producer.csv;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.RecordWrapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The cells of one CSV record, without the white space around them. One instance is filled again
 * for each record, so that reading allocates nothing per row.
 */
public final class CsvRow {

    private char[] text = new char[1024];
    private int[] ends = new int[32];
    private int cells;
    private long line;

    /** The line, counted from 1, on which the record starts. */
    long line() {
        return line;
    }

    int cells() {
        return cells;
    }

    /** The characters of all cells, one after the other. */
    char[] text() {
        return text;
    }

    /** Where the cell starts in {@link #text()}. */
    int start(int cell) {
        return cell == 0 ? 0 : ends[cell - 1];
    }

    /** Where the cell ends in {@link #text()}, exclusive. */
    int end(int cell) {
        return ends[cell];
    }

    boolean isEmpty(int cell) {
        return start(cell) == end(cell);
    }

    /** Whether no cell holds anything. */
    boolean isBlank() {
        return cells == 0 || ends[cells - 1] == 0;
    }

    String string(int cell) {
        return new String(text, start(cell), end(cell) - start(cell));
    }

    List<String> strings() {
        List<String> strings = new ArrayList<>(cells);
        for (int cell = 0; cell < cells; cell++) {
            strings.add(string(cell));
        }
        return strings;
    }

    private void begin(long startingLine) {
        line = startingLine;
        cells = 0;
    }

    private void add(char[] source, int offset, int length) {
        int from = offset;
        int to = offset + length;
        while (from < to && isSpace(source[from])) {
            from++;
        }
        while (from < to && isSpace(source[to - 1])) {
            to--;
        }
        int start = cells == 0 ? 0 : ends[cells - 1];
        int end = start + to - from;
        if (end > text.length) {
            text = Arrays.copyOf(text, Math.max(end, 2 * text.length));
        }
        if (cells == ends.length) {
            ends = Arrays.copyOf(ends, 2 * cells);
        }
        System.arraycopy(source, from, text, start, to - from);
        ends[cells++] = end;
    }

    /** Spreadsheets leave no-break spaces beside the plain ones. */
    private static boolean isSpace(char c) {
        return c <= ' ' || c == '\u00A0';
    }

    /** Hands each record that the CSV reader finds to the same row. */
    static final class Handler extends AbstractBaseCsvCallbackHandler<CsvRow> {
        private final CsvRow row = new CsvRow();

        @Override
        protected void handleBegin(long startingLineNumber) {
            row.begin(startingLineNumber);
        }

        @Override
        protected void handleField(
                int index, char[] buffer, int offset, int length, boolean quoted) {
            row.add(buffer, offset, length);
        }

        @Override
        protected RecordWrapper<CsvRow> buildRecord() {
            return wrapRecord(row);
        }
    }
}
