package io.quotelake.producer.csv;

import java.io.IOException;
import java.io.Reader;

/**
 * Keeps a quote mark that is never closed from swallowing the rows after it: such a cell is closed
 * at the end of its line, so that one row is spoilt instead of the rest of the file. A quoted cell
 * may still span lines (RFC 4180, section 2), up to {@value #MAX_CELL_CHARS} characters, when its
 * closing mark ends the cell.
 *
 * <p>Text without quote marks passes through as it is.
 */
final class LineGuard extends Reader {

    private static final int MAX_CELL_CHARS = 8 * 1024;
    private static final int BUFFER_CHARS = 64 * 1024;

    private final Reader source;
    private final char separator;

    /** One more than is ever filled, for a closing mark. */
    private final char[] buffer = new char[BUFFER_CHARS + 1];

    private int position;
    private int checked;
    private int limit;
    private boolean sourceEnded;
    private char last = '\n';

    /**
     * @param separator what stands between the cells
     */
    LineGuard(Reader source, char separator) {
        this.source = source;
        this.separator = separator;
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (position == checked && !check()) {
            return -1;
        }
        int count = Math.min(length, checked - position);
        System.arraycopy(buffer, position, target, offset, count);
        position += count;
        last = buffer[position - 1];
        return count;
    }

    /** Moves {@link #checked} forward; false at the end of the text. */
    private boolean check() throws IOException {
        if (position == limit && !fill()) {
            return false;
        }
        if (buffer[position] == '"' && (last == separator || isLineEnd(last))) {
            checked = endOfQuotedCell();
            return true;
        }
        checked = position + 1;
        while (checked < limit && buffer[checked] != '"') {
            checked++;
        }
        return true;
    }

    private int endOfQuotedCell() throws IOException {
        boolean quoted = true;
        int lineEnd = -1;
        for (int at = 1; ; at++) {
            if (position + at == limit && (at >= BUFFER_CHARS || !fill())) {
                return quoted && limit < buffer.length ? close(lineEnd) : limit;
            }
            char c = buffer[position + at];
            if (!quoted) {
                if (c == separator || isLineEnd(c)) {
                    return position + at;
                }
                if (c != '"' && lineEnd >= 0) {
                    return close(lineEnd);
                }
            }
            if (c == '"') {
                quoted = !quoted;
            } else if (lineEnd < 0 && isLineEnd(c)) {
                lineEnd = at;
            } else if (lineEnd >= 0 && at >= MAX_CELL_CHARS) {
                return close(lineEnd);
            }
        }
    }

    /** Closes the cell before the line's end, which counts from {@link #position}. */
    private int close(int lineEnd) {
        int end = lineEnd < 0 ? limit : position + lineEnd;
        System.arraycopy(buffer, end, buffer, end + 1, limit - end);
        buffer[end] = '"';
        limit++;
        return end + 1;
    }

    /** Reads more text behind {@link #limit}; false when there is none. */
    private boolean fill() throws IOException {
        if (sourceEnded) {
            return false;
        }
        System.arraycopy(buffer, position, buffer, 0, limit - position);
        checked -= position;
        limit -= position;
        position = 0;
        int count = source.read(buffer, limit, BUFFER_CHARS - limit);
        sourceEnded = count < 0;
        limit += Math.max(0, count);
        return !sourceEnded;
    }

    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
