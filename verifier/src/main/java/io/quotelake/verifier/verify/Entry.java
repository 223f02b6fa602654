package io.quotelake.verifier.verify;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;

/**
 * One row of the lake or one dead letter, on its way to being compared with its record.
 *
 * @param partition of the record it names
 * @param offset of the record it names
 * @param isRow false for a dead letter
 * @param place where it was read: object and line, or the dead letter's own partition and offset
 * @param text the row's line, or the dead letter's fingerprint
 */
record Entry(int partition, long offset, boolean isRow, String place, String text) {
    /** By record, in the order of the topic; the rest only makes reports repeatable. */
    static final Comparator<Entry> ORDER =
            Comparator.comparingInt(Entry::partition)
                    .thenComparingLong(Entry::offset)
                    .thenComparing(Entry::isRow)
                    .thenComparing(Entry::place);

    /** What one entry costs beside its characters: headers, references, the list's slot. */
    private static final int OVERHEAD_BYTES = 150;

    /** About how much heap this entry takes. */
    long heapBytes() {
        return OVERHEAD_BYTES + place.length() + text.length();
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(partition);
        out.writeLong(offset);
        out.writeBoolean(isRow);
        writeText(out, place);
        writeText(out, text);
    }

    static Entry read(DataInputStream in) throws IOException {
        return new Entry(in.readInt(), in.readLong(), in.readBoolean(), readText(in), readText(in));
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }
}
