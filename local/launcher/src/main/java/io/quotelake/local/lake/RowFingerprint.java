package io.quotelake.local.lake;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * 64 bits that stand for the values of a quote, so that millions of them can be compared in little
 * memory. A quote on the wire and its row on S3 have the same ones exactly if their values are
 * equal, but for one pair in 2^64.
 */
final class RowFingerprint {
    private static final JsonFactory JSON = new JsonFactory();
    private static final List<String> PRICES =
            List.of("open", "high", "low", "close", "adj_close", "close_usd");

    private RowFingerprint() {}

    /** Of a Kafka record's value; its index and date are fields. */
    static long ofQuote(byte[] json, long timestampMillis) throws IOException {
        Map<String, String> fields = fields(json);
        return of(required(fields, "index"), required(fields, "date"), fields, timestampMillis);
    }

    /** Of a row's fields; its index stands in the path. */
    static long ofRow(String index, Map<String, String> fields) throws IOException {
        long timestampMillis = Instant.parse(required(fields, "kafka_timestamp")).toEpochMilli();
        return of(index, required(fields, "trade_date"), fields, timestampMillis);
    }

    /** The scalar fields of a flat JSON object, as text; null for null. */
    static Map<String, String> fields(byte[] json) throws IOException {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("Not a JSON object");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (!value.isScalarValue()) {
                    throw new IOException("Not a flat JSON object");
                }
                fields.put(name, value == JsonToken.VALUE_NULL ? null : parser.getText());
            }
        }
        return fields;
    }

    static String required(Map<String, String> fields, String name) throws IOException {
        String value = fields.get(name);
        if (value == null) {
            throw new IOException("No " + name);
        }
        return value;
    }

    private static long of(
            String index, String date, Map<String, String> fields, long timestampMillis)
            throws IOException {
        long hash = mixed(mixed(textHash(index), textHash(date)), timestampMillis);
        try {
            for (String price : PRICES) {
                String text = fields.get(price);
                long bits = text == null ? -1 : Double.doubleToLongBits(Double.parseDouble(text));
                hash = mixed(hash, bits);
            }
            return mixed(hash, new BigDecimal(required(fields, "volume")).longValueExact());
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IOException("Not a number: " + e.getMessage(), e);
        }
    }

    /** FNV-1a, 64 bits. */
    private static long textHash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ one) * 0x100000001b3L;
        }
        return hash;
    }

    /** The finaliser of SplitMix64: every bit of the input changes half the bits of the result. */
    private static long mixed(long hash, long value) {
        long mixed = hash * 31 + value + 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
