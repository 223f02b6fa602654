package io.quotelake.producer.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/**
 * How far a transactional replay has come, as it is kept in Kafka beside the rows.
 *
 * @param origin what the place refers to
 * @param pass the pass over the file, counted from 1
 * @param row the last published row of that pass, counted from 1 among the selected rows; 0 before
 *     the first
 * @param rows the rows published in all passes
 */
public record Position(Origin origin, long pass, long row, long rows) {

    /**
     * What must be the same for a place to mean the same.
     *
     * @param sha256 the content of the file
     * @param selection the options that decide which rows are sent, and in which order
     * @param topicId Kafka's identity of the topic, which changes when it is created anew; null
     *     where the brokers or the version of this program that wrote the position gave none
     */
    public record Origin(String sha256, String selection, String topicId) {}

    private static final JsonFactory JSON = new JsonFactory();

    static Position start(Origin origin) {
        return new Position(origin, 1, 0, 0);
    }

    byte[] toJson() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("sha256", origin.sha256);
            json.writeStringField("selection", origin.selection);
            if (origin.topicId != null) {
                json.writeStringField("topic_id", origin.topicId);
            }
            json.writeNumberField("pass", pass);
            json.writeNumberField("row", row);
            json.writeNumberField("rows", rows);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory doesn't fail", e);
        }
        return bytes.toByteArray();
    }

    /**
     * @throws IOException when the bytes are no position
     */
    static Position fromJson(byte[] bytes) throws IOException {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser json = JSON.createParser(bytes)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    json.nextToken();
                    fields.put(name, json.getText());
                }
            }
            return new Position(
                    new Origin(
                            fields.get("sha256"), fields.get("selection"), fields.get("topic_id")),
                    Long.parseLong(fields.get("pass")),
                    Long.parseLong(fields.get("row")),
                    Long.parseLong(fields.get("rows")));
        } catch (NumberFormatException e) {
            throw new IOException("a position has whole numbers in pass, row and rows", e);
        }
    }
}
