package io.quotelake.job.quote;

/**
 * The fields of a quote, with the two spellings in which they arrive: the one of this project and
 * the one of the CSV file's header, which the classic Python tutorials send.
 */
enum QuoteField {
    INDEX("index", "Index", true),
    DATE("date", "Date", true),
    OPEN("open", "Open", true),
    HIGH("high", "High", true),
    LOW("low", "Low", true),
    CLOSE("close", "Close", true),
    ADJ_CLOSE("adj_close", "Adj Close", false),
    VOLUME("volume", "Volume", true),
    CLOSE_USD("close_usd", "CloseUSD", false);

    /** How many fields there are. */
    static final int COUNT = values().length;

    /** One bit a field, by ordinal, set where the field is required. */
    static final int REQUIRED = requiredBits();

    private final String key;
    private final String tutorialKey;
    private final boolean required;

    QuoteField(String key, String tutorialKey, boolean required) {
        this.key = key;
        this.tutorialKey = tutorialKey;
        this.required = required;
    }

    String key() {
        return key;
    }

    String tutorialKey() {
        return tutorialKey;
    }

    boolean isRequired() {
        return required;
    }

    /** This field's bit. */
    int bit() {
        return 1 << ordinal();
    }

    private static int requiredBits() {
        int bits = 0;
        for (QuoteField field : values()) {
            bits |= field.required ? field.bit() : 0;
        }
        return bits;
    }
}
