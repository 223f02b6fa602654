package io.quotelake.producer.csv;

/** The fields of the quote, in the order in which they stand in the JSON. */
enum Field {
    INDEX("index"),
    DATE("date"),
    OPEN("open"),
    HIGH("high"),
    LOW("low"),
    CLOSE("close"),
    ADJ_CLOSE("adj_close"),
    VOLUME("volume"),
    CLOSE_USD("close_usd");

    private final String jsonName;

    Field(String jsonName) {
        this.jsonName = jsonName;
    }

    String jsonName() {
        return jsonName;
    }

    /** Whether a file without such a column can't give quotes. */
    boolean isRequired() {
        return this != ADJ_CLOSE && this != CLOSE_USD;
    }

    boolean isPrice() {
        return this == OPEN || this == HIGH || this == LOW || this == CLOSE;
    }

    boolean isNumber() {
        return this != INDEX && this != DATE;
    }

    /** The field of that name in the JSON, or null. */
    static Field named(String jsonName) {
        for (Field field : values()) {
            if (field.jsonName.equalsIgnoreCase(jsonName)) {
                return field;
            }
        }
        return null;
    }
}
