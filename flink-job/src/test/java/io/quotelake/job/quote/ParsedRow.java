package io.quotelake.job.quote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quotelake.job.quote.RandomQuotes.Values;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** What the parser made of a value: the row's folder and line, or the rejection. */
record ParsedRow(String folder, String line, Rejection rejection) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static ParsedRow of(byte[] value) {
        Quote quote = new Quote();
        Rejection rejection = new QuoteParser(1 << 20).parse(value, quote);
        return rejection == null ? of(quote) : new ParsedRow(null, null, rejection);
    }

    static ParsedRow of(String value) {
        return of(value.getBytes(StandardCharsets.UTF_8));
    }

    static ParsedRow of(Quote quote) {
        QuoteRow row = new QuoteRow();
        new RowEncoder(true).encode(quote, 3, 1207, 1767605400123L, row);
        return new ParsedRow(
                new Folders(DateGranularity.DAY).of(quote),
                new String(row.line, 0, row.length, StandardCharsets.UTF_8),
                null);
    }

    JsonNode json() throws IOException {
        return JSON.readTree(line);
    }

    /** The row's values, read back; the index from the folder. */
    Values values() throws IOException {
        JsonNode json = json();
        return new Values(
                folder.substring("index=".length(), folder.indexOf('/')),
                LocalDate.parse(json.get("trade_date").textValue()),
                json.get("open").doubleValue(),
                json.get("high").doubleValue(),
                json.get("low").doubleValue(),
                json.get("close").doubleValue(),
                optional(json.get("adj_close")),
                json.get("volume").longValue(),
                optional(json.get("close_usd")));
    }

    private static Double optional(JsonNode number) {
        return number.isNull() ? null : number.doubleValue();
    }

    List<String> keys() throws IOException {
        List<String> keys = new ArrayList<>();
        json().fieldNames().forEachRemaining(keys::add);
        return keys;
    }
}
