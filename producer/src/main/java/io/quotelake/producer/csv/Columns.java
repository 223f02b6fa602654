package io.quotelake.producer.csv;

import io.quotelake.producer.terminal.UsageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Where the fields of a quote stand in a CSV file, found by the names in its header. Letter case,
 * spaces and punctuation in the names don't matter, and other columns are left alone.
 */
final class Columns {

    /** The fields of the quote, in the order in which they stand in the JSON. */
    enum Field {
        INDEX("index", true, "symbol", "ticker", "code", "indexcode", "indexname"),
        DATE("date", true, "tradedate", "tradingdate", "tradingday", "day", "datetime"),
        OPEN("open", true, "openprice", "opening"),
        HIGH("high", true, "highprice"),
        LOW("low", true, "lowprice"),
        CLOSE("close", true, "closeprice", "closing", "last", "closelast", "price"),
        ADJ_CLOSE("adj_close", false, "adjustedclose", "adjcloseprice", "adjclosing"),
        VOLUME("volume", true, "vol"),
        CLOSE_USD("close_usd", false, "usdclose", "closeinusd", "closeusdollar");

        private final String jsonName;
        private final boolean required;
        private final List<String> spellings;

        Field(String jsonName, boolean required, String... furtherSpellings) {
            this.jsonName = jsonName;
            this.required = required;
            this.spellings = new ArrayList<>(Arrays.asList(furtherSpellings));
            this.spellings.add(plain(jsonName));
        }

        String jsonName() {
            return jsonName;
        }
    }

    private static final int ABSENT = -1;

    private final List<String> header;
    private final int[] cells = new int[Field.values().length];

    /**
     * @param header the names in the file's first line
     * @throws UsageException when a required column is missing, or two columns claim one field
     */
    Columns(List<String> header) {
        this.header = List.copyOf(header);
        Arrays.fill(cells, ABSENT);
        for (int cell = 0; cell < header.size(); cell++) {
            String name = plain(header.get(cell));
            for (Field field : Field.values()) {
                if (field.spellings.contains(name)) {
                    claim(field, cell);
                }
            }
        }
        List<String> missing =
                Arrays.stream(Field.values())
                        .filter(field -> field.required && cells[field.ordinal()] == ABSENT)
                        .map(Field::jsonName)
                        .toList();
        if (!missing.isEmpty()) {
            throw new UsageException(
                    "the first line of the CSV has no column for "
                            + String.join(", ", missing)
                            + "; it reads '"
                            + abbreviated(String.join(",", header))
                            + "', and a header like"
                            + " Index,Date,Open,High,Low,Close,Adj Close,Volume,CloseUSD is needed");
        }
    }

    private void claim(Field field, int cell) {
        int former = cells[field.ordinal()];
        if (former != ABSENT) {
            throw new UsageException(
                    "the columns '%s' and '%s' of the CSV both mean %s: rename one of them"
                            .formatted(header.get(former), header.get(cell), field.jsonName));
        }
        cells[field.ordinal()] = cell;
    }

    /** The cell of the field in each row, or a negative number when the file has no such column. */
    int cell(Field field) {
        return cells[field.ordinal()];
    }

    List<String> header() {
        return header;
    }

    private static String plain(String name) {
        return name.chars()
                .filter(Character::isLetterOrDigit)
                .mapToObj(Character::toString)
                .collect(Collectors.joining())
                .toLowerCase(Locale.ROOT);
    }

    private static String abbreviated(String text) {
        return text.length() <= 120 ? text : text.substring(0, 120) + "…";
    }
}
