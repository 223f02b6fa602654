package io.quotelake.verifier.verify;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the design calls a valid quote, told apart from everything else by this module's own, plain
 * reading of it.
 *
 * @param openText the number as it stands in the record, as are the others; {@code null} is an
 *     absent value
 */
record Quote(
        String index,
        String date,
        String openText,
        String highText,
        String lowText,
        String closeText,
        String adjCloseText,
        long volume,
        String closeUsdText) {
    private static final Pattern INDEX =
            Pattern.compile("(?!.*\\.\\.)[A-Za-z0-9][A-Za-z0-9._-]{0,31}");
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd").withResolverStyle(ResolverStyle.STRICT);
    private static final BigDecimal MAX_VOLUME = new BigDecimal(BigInteger.valueOf(Long.MAX_VALUE));

    /** The spelling of the classic Python tutorials, and the canonical field that it means. */
    private static final Map<String, String> TUTORIAL_SPELLING =
            Map.of(
                    "Index", "index",
                    "Date", "date",
                    "Open", "open",
                    "High", "high",
                    "Low", "low",
                    "Close", "close",
                    "Adj Close", "adj_close",
                    "Volume", "volume",
                    "CloseUSD", "close_usd");

    private static final Set<String> FIELDS = Set.copyOf(TUTORIAL_SPELLING.values());

    /** A price or volume of more characters is none. */
    private static final int MAX_NUMBER_CHARACTERS = 1_000;

    /** The record's size bounds everything but the depth, as in the job. */
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(1_000)
                                    .maxNumberLength(Integer.MAX_VALUE)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .maxNameLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    /** One JSON value: its first token and its text. */
    private record Value(JsonToken token, String text) {
        boolean isAbsent() {
            return token == JsonToken.VALUE_NULL || text.equals("NaN") && isNumber();
        }

        boolean isNumber() {
            return token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT;
        }
    }

    /** The quote in a record's value; nothing when it isn't a valid one. */
    static Optional<Quote> of(byte[] json) {
        Map<String, Value> fields;
        try {
            fields = fields(json);
        } catch (IOException e) {
            return Optional.empty();
        }
        String index = string(fields.get("index"));
        String date = string(fields.get("date"));
        BigDecimal volume = wholeNumber(fields.get("volume"));
        if (index == null || !INDEX.matcher(index).matches() || !isDay(date) || volume == null) {
            return Optional.empty();
        }
        String open = price(fields.get("open"));
        String high = price(fields.get("high"));
        String low = price(fields.get("low"));
        String close = price(fields.get("close"));
        Value adjClose = fields.get("adj_close");
        Value closeUsd = fields.get("close_usd");
        if (open == null || high == null || low == null || close == null) {
            return Optional.empty();
        }
        if (!isPriceOrAbsent(adjClose) || !isPriceOrAbsent(closeUsd)) {
            return Optional.empty();
        }
        if (!isWithin(low, open, high) || !isWithin(low, close, high)) {
            return Optional.empty();
        }
        return Optional.of(
                new Quote(
                        index,
                        date,
                        open,
                        high,
                        low,
                        close,
                        price(adjClose),
                        volume.longValueExact(),
                        price(closeUsd)));
    }

    private static Map<String, Value> fields(byte[] json) throws IOException {
        Map<String, Value> fields = new HashMap<>();
        try (JsonParser parser = JSON.createParser(utf8(json))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not an object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                Value value = new Value(token, parser.getText());
                parser.skipChildren();
                String field = TUTORIAL_SPELLING.getOrDefault(name, name);
                if (FIELDS.contains(field) && fields.put(field, value) != null) {
                    throw new IOException(field + " stands there twice");
                }
            }
            if (parser.nextToken() != null) {
                throw new IOException("more than one object");
            }
        }
        return fields;
    }

    /** Malformed UTF-8 is no JSON, where a lenient decoder would put replacement characters. */
    private static String utf8(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    private static String string(Value value) {
        return value != null && value.token() == JsonToken.VALUE_STRING ? value.text() : null;
    }

    private static boolean isDay(String date) {
        if (date == null || date.length() != 10) {
            return false;
        }
        try {
            LocalDate.parse(date, DAY);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static String price(Value value) {
        boolean isPrice =
                value != null
                        && value.isNumber()
                        && value.text().length() <= MAX_NUMBER_CHARACTERS
                        && Double.isFinite(Double.parseDouble(value.text()));
        return isPrice ? value.text() : null;
    }

    private static boolean isPriceOrAbsent(Value value) {
        return value == null || value.isAbsent() || price(value) != null;
    }

    private static boolean isWithin(String low, String price, String high) {
        double number = Double.parseDouble(price);
        return Double.parseDouble(low) <= number && number <= Double.parseDouble(high);
    }

    private static BigDecimal wholeNumber(Value value) {
        if (price(value) == null) {
            return null;
        }
        BigDecimal number;
        try {
            number = new BigDecimal(value.text());
        } catch (NumberFormatException e) {
            return null; // an exponent beyond 32 bits
        }
        boolean isVolume =
                number.signum() >= 0
                        && number.compareTo(MAX_VOLUME) <= 0
                        && number.stripTrailingZeros().scale() <= 0;
        return isVolume ? number : null;
    }
}
