package io.quotelake.job.quote;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The folders of the rows, {@code index=HSI/date=1986-12-31}, without building a string for every
 * row: the latest ones are remembered by the bytes that they are made of.
 */
final class Folders {

    /** A power of two; a folder that another one pushed out is simply built again. */
    private static final int REMEMBERED = 8_192;

    private final DateGranularity granularity;
    private final Folder[] remembered = new Folder[REMEMBERED];

    Folders(DateGranularity granularity) {
        this.granularity = granularity;
    }

    String of(Quote quote) {
        byte[] text = quote.text();
        int from = quote.start(QuoteField.INDEX);
        int to = quote.end(QuoteField.INDEX);
        int date = granularity.partitionOf(quote.date());
        int hash = date;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + text[i];
        }
        int slot = (hash ^ hash >>> 13) & REMEMBERED - 1;
        Folder folder = remembered[slot];
        if (folder == null || !folder.is(text, from, to, date)) {
            folder = new Folder(Arrays.copyOfRange(text, from, to), date, build(quote));
            remembered[slot] = folder;
        }
        return folder.path;
    }

    private String build(Quote quote) {
        return "index="
                + slice(quote, QuoteField.INDEX, quote.end(QuoteField.INDEX))
                + "/date="
                + slice(
                        quote,
                        QuoteField.DATE,
                        quote.start(QuoteField.DATE) + granularity.length());
    }

    private static String slice(Quote quote, QuoteField field, int to) {
        int from = quote.start(field);
        return new String(quote.text(), from, to - from, StandardCharsets.US_ASCII);
    }

    private record Folder(byte[] index, int date, String path) {

        boolean is(byte[] text, int from, int to, int otherDate) {
            return date == otherDate && Arrays.equals(index, 0, index.length, text, from, to);
        }
    }
}
