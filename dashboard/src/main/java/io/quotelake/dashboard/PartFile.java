package io.quotelake.dashboard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Reads the rows of a part file: a JSON object a line, plain or compressed. */
final class PartFile {
    private static final JsonFactory JSON = new JsonFactory();

    private PartFile() {}

    /** Takes a row; the values are in the order of the columns, and the array is used again. */
    interface RowTaker {
        void take(Object[] values) throws IOException;
    }

    /**
     * Hands over each row.
     *
     * @throws IOException when it can't be read, or a line is no row of these columns
     */
    static void read(Path file, List<TableDefinition.Column> columns, RowTaker taker)
            throws IOException {
        Object[] values = new Object[columns.size()];
        try (InputStream in = open(file);
                JsonParser parser = JSON.createParser(in)) {
            while (parser.nextToken() != null) {
                demand(parser, JsonToken.START_OBJECT);
                Arrays.fill(values, null);
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    int column = position(columns, parser.currentName());
                    JsonToken token = parser.nextToken();
                    if (column < 0) {
                        parser.skipChildren();
                    } else if (token != JsonToken.VALUE_NULL) {
                        values[column] = value(parser, columns.get(column));
                    }
                }
                taker.take(values);
            }
        }
    }

    private static Object value(JsonParser parser, TableDefinition.Column column)
            throws IOException {
        return switch (column.type()) {
            case "string" -> {
                demand(parser, JsonToken.VALUE_STRING);
                yield parser.getText();
            }
            case "double" -> parser.getDoubleValue();
            case "bigint" -> parser.getLongValue();
            default -> parser.getIntValue();
        };
    }

    private static void demand(JsonParser parser, JsonToken wanted) throws IOException {
        if (parser.currentToken() != wanted) {
            throw new IOException(
                    "%s where %s should be, in line %d"
                            .formatted(
                                    parser.currentToken(),
                                    wanted,
                                    parser.currentLocation().getLineNr()));
        }
    }

    private static int position(List<TableDefinition.Column> columns, String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static InputStream open(Path file) throws IOException {
        InputStream stored = Files.newInputStream(file);
        String name = file.getFileName().toString();
        if (name.endsWith(".gz")) {
            return new GZIPInputStream(stored);
        }
        return name.endsWith(".zst") ? new ZstdInputStream(stored) : stored;
    }
}
