package io.quotelake.benchmark.rows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** ASCII text that grows; used again for the next row after {@link #clear}. */
public final class ByteText {
    private byte[] bytes = new byte[512];
    private int length;

    /** Empties it, keeping its memory. */
    public ByteText clear() {
        length = 0;
        return this;
    }

    public ByteText append(byte[] text) {
        reserve(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    public ByteText append(String text) {
        return append(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** A whole number that is not negative. */
    public ByteText append(long number) {
        reserve(20);
        int end = length + digits(number);
        length = end;
        do {
            bytes[--end] = (byte) ('0' + number % 10);
            number /= 10;
        } while (number > 0);
        return this;
    }

    /**
     * A decimal number as {@code Double.toString} writes it: no trailing zeros, but one digit after
     * the point at least.
     *
     * @param scaled the number times ten to the power of {@code decimals}, not negative
     */
    public ByteText append(long scaled, int decimals) {
        while (decimals > 1 && scaled % 10 == 0) {
            scaled /= 10;
            decimals--;
        }
        long power = 1;
        for (int i = 0; i < decimals; i++) {
            power *= 10;
        }
        append(scaled / power);
        reserve(decimals + 1);
        bytes[length] = '.';
        long fraction = scaled % power;
        for (int i = decimals; i > 0; i--) {
            bytes[length + i] = (byte) ('0' + fraction % 10);
            fraction /= 10;
        }
        length += decimals + 1;
        return this;
    }

    public int length() {
        return length;
    }

    /** A copy of the text. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /**
     * Whether other bytes hold this text from {@code start} on; what follows there does not matter.
     */
    public boolean isPrefixOf(byte[] other, int start, int end) {
        return end - start >= length
                && Arrays.equals(bytes, 0, length, other, start, start + length);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }

    private static int digits(long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        return digits;
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
        }
    }
}
