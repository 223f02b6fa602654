package io.quotelake.producer.csv;

import java.io.IOException;
import java.io.Reader;

/** A text whose beginning can be looked at before it is read. */
final class HeadText extends Reader {

    private static final int MAX_CHARS = 64 * 1024;

    private final Reader source;
    private final char[] head = new char[MAX_CHARS];
    private int length;
    private int position;
    private boolean ended;

    HeadText(Reader source) {
        this.source = source;
    }

    /**
     * Makes the visible beginning longer, by what has come so far.
     *
     * @return false when there is no more text, or enough of it is visible
     */
    boolean grow() throws IOException {
        if (ended || length == MAX_CHARS) {
            return false;
        }
        int count = source.read(head, length, MAX_CHARS - length);
        ended = count < 0;
        length += Math.max(0, count);
        return !ended;
    }

    /** The visible lines; the last one only when it has an end. */
    String lines() {
        int end = length;
        while (!ended && end > 0 && head[end - 1] != '\n' && head[end - 1] != '\r') {
            end--;
        }
        return new String(head, 0, end == 0 && length == MAX_CHARS ? length : end);
    }

    @Override
    public int read(char[] target, int offset, int count) throws IOException {
        if (position == length) {
            return source.read(target, offset, count);
        }
        int copied = Math.min(count, length - position);
        System.arraycopy(head, position, target, offset, copied);
        position += copied;
        return copied;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
