package io.quotelake.benchmark.rows;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.Period;
import java.util.stream.IntStream;

/**
 * Quotes of some 180 bytes with random prices, spread evenly over any number of folders: one folder
 * after the other gets a row, so that all are in use all the time. The volume is the row's number,
 * which is how a row is recognised.
 */
public final class SyntheticFeed implements Feed {
    /** The indices of the data set. */
    private static final String[] INDICES = {
        "HSI",
        "NYA",
        "IXIC",
        "000001.SS",
        "GSPTSE",
        "N225",
        "N100",
        "399001.SZ",
        "GDAXI",
        "SSMI",
        "TWII",
        "J203.JO",
        "NSEI",
        "KS11"
    };

    private static final LocalDate FIRST_DATE = LocalDate.of(1965, 1, 5);

    /** Makes all volumes equally long. */
    private static final long FIRST_VOLUME = 1_000_000_000;

    private static final byte[] VOLUME = "\"volume\":".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] QUOTE_INDEX = ascii("{\"index\":\"");
    private static final byte[] QUOTE_DATE = ascii("\",\"date\":\"");
    private static final byte[] ROW_DATE = ascii("{\"trade_date\":\"");
    private static final byte[] OPEN = ascii("\",\"open\":");
    private static final byte[] HIGH = ascii(",\"high\":");
    private static final byte[] LOW = ascii(",\"low\":");
    private static final byte[] CLOSE = ascii(",\"close\":");
    private static final byte[] ADJ_CLOSE = ascii(",\"adj_close\":");
    private static final byte[] COMMA_VOLUME = ascii(",\"volume\":");
    private static final byte[] CLOSE_USD = ascii(",\"close_usd\":");

    private final String name;
    private final long rows;
    private final int folders;
    private final byte[][] keys;
    private final byte[][] dates;

    /**
     * A feed over so many folders.
     *
     * @param apart how far one date of an index is from its next
     */
    public SyntheticFeed(String name, long rows, int folders, Period apart) {
        this.name = name + "-" + rows;
        this.rows = rows;
        this.folders = folders;
        keys =
                IntStream.range(0, INDICES.length)
                        .mapToObj(i -> ascii(INDICES[i]))
                        .toArray(byte[][]::new);
        int days = (folders + INDICES.length - 1) / INDICES.length;
        dates =
                IntStream.range(0, days)
                        .mapToObj(i -> ascii(FIRST_DATE.plus(apart.multipliedBy(i)).toString()))
                        .toArray(byte[][]::new);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public int topicPartitions() {
        return INDICES.length;
    }

    @Override
    public int topicPartition(long row) {
        return folderOf(row) % INDICES.length;
    }

    @Override
    public byte[] key(long row) {
        return keys[topicPartition(row)];
    }

    @Override
    public void appendQuote(long row, ByteText text) {
        int folder = folderOf(row);
        text.append(QUOTE_INDEX).append(keys[folder % INDICES.length]);
        text.append(QUOTE_DATE).append(dates[folder / INDICES.length]);
        appendNumbers(row, text);
        text.append("}");
    }

    @Override
    public void appendRow(long row, ByteText text) {
        text.append(ROW_DATE).append(dates[folderOf(row) / INDICES.length]);
        appendNumbers(row, text);
    }

    @Override
    public int folders() {
        return folders;
    }

    @Override
    public String folder(int folder) {
        String date = new String(dates[folder / INDICES.length], StandardCharsets.US_ASCII);
        return "index=" + INDICES[folder % INDICES.length] + "/date=" + date;
    }

    @Override
    public int folderOf(long row) {
        return (int) (row % folders);
    }

    @Override
    public int copies() {
        return 1;
    }

    @Override
    public long recognise(int folder, byte[] line, int start, int end) {
        int at = after(VOLUME, line, start, end);
        long volume = 0;
        while (at < end && line[at] >= '0' && line[at] <= '9') {
            volume = volume * 10 + line[at++] - '0';
        }
        long row = volume - FIRST_VOLUME;
        return row >= 0 && row < rows ? row : -1;
    }

    /** Prices have six decimals, as in the data set; those in dollars eight. */
    private static void appendNumbers(long row, ByteText text) {
        long random = mixed(row);
        long open = 1_000_000_000L + (random & 0x3_ffff_ffffL);
        long close = open + (random >>> 34 & 0xff_ffff);
        long high = close + (random >>> 24 & 0xf_ffff);
        long low = open - (random >>> 40 & 0xf_ffff);
        text.append(OPEN).append(open, 6);
        text.append(HIGH).append(high, 6);
        text.append(LOW).append(low, 6);
        text.append(CLOSE).append(close, 6);
        text.append(ADJ_CLOSE).append(close, 6);
        text.append(COMMA_VOLUME).append(FIRST_VOLUME + row);
        text.append(CLOSE_USD).append(close * 13, 8);
    }

    /** The mixing function of SplitMix64: consecutive numbers give unrelated bits. */
    private static long mixed(long number) {
        long z = number * 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    private static int after(byte[] word, byte[] line, int start, int end) {
        byte first = word[0];
        for (int at = start; at <= end - word.length; at++) {
            if (line[at] == first && matches(word, line, at)) {
                return at + word.length;
            }
        }
        return end;
    }

    private static boolean matches(byte[] word, byte[] line, int at) {
        for (int i = word.length - 1; i > 0; i--) {
            if (line[at + i] != word[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
