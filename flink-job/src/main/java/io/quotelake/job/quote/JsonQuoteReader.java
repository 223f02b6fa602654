package io.quotelake.job.quote;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The reference of the parser: what a quote is, decided with streaming Jackson (RFC 8259, and the
 * literals NaN and Infinity that Python sends), with the reason where a record is none.
 *
 * <p>The reasons are judged in the order of {@link DeadLetterReason}: a record that isn't JSON to
 * its last byte is {@code not-json}, whatever stood before.
 */
final class JsonQuoteReader {

    /** Deeper documents are no quotes; a bound keeps hostile ones from costing memory. */
    private static final int MAX_NESTING_DEPTH = 1_000;

    /** A number with more characters is refused: no price or volume needs them. */
    private static final int MAX_NUMBER_LENGTH = 1_000;

    /** How much of a value stands in a detail. */
    private static final int MAX_QUOTED_LENGTH = 60;

    private static final BigDecimal MAX_VOLUME = BigDecimal.valueOf(Long.MAX_VALUE);

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    // Hostile names must not fill a table that lives as long as the process.
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_NESTING_DEPTH)
                                    // The record's size is the bound for all of these.
                                    .maxNumberLength(Integer.MAX_VALUE)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .maxNameLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    private static final Map<String, QuoteField> FIELD_BY_KEY = fieldsByKey();

    private final JsonToken[] tokens = new JsonToken[QuoteField.COUNT];
    private final String[] texts = new String[QuoteField.COUNT];
    private final byte[] normalised = new byte[QuoteRow.MAX_LENGTH];
    private int normalisedLength;

    /**
     * Fills the quote.
     *
     * @return null if it is one, else why not; the quote's content then means nothing
     */
    Rejection read(byte[] value, Quote quote) {
        Rejection malformed = readFields(value);
        if (malformed != null) {
            return malformed;
        }
        quote.reset(normalised);
        normalisedLength = 0;
        Rejection missing = checkRequired();
        if (missing != null) {
            return missing;
        }
        try {
            setIndex(quote);
            setDate(quote);
            for (QuoteField field : QuoteField.values()) {
                setNumber(field, quote);
            }
        } catch (InvalidField invalid) {
            return invalid.rejection;
        }
        return quote.hasConsistentPrices() ? null : inconsistent();
    }

    private Rejection readFields(byte[] value) {
        Arrays.fill(tokens, null);
        Arrays.fill(texts, null);
        CharBuffer chars;
        try {
            chars = strictUtf8().decode(ByteBuffer.wrap(value));
        } catch (CharacterCodingException e) {
            return notJson("the value is not UTF-8: " + e.getMessage());
        }
        try (JsonParser json =
                JSON.createParser(chars.array(), chars.arrayOffset(), chars.remaining())) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return notJson("a JSON object is expected, not " + describe(json.currentToken()));
            }
            while (json.nextToken() != JsonToken.END_OBJECT) {
                QuoteField field = FIELD_BY_KEY.get(json.currentName());
                JsonToken token = json.nextToken();
                if (field == null) {
                    json.skipChildren();
                    continue;
                }
                if (tokens[field.ordinal()] != null) {
                    return notJson("the field " + field.key() + " stands in it twice");
                }
                tokens[field.ordinal()] = token;
                texts[field.ordinal()] = token.isScalarValue() ? json.getText() : null;
                json.skipChildren();
            }
            if (json.nextToken() != null) {
                return notJson("something follows the JSON object");
            }
            return null;
        } catch (JsonProcessingException e) {
            return notJson(e.getOriginalMessage());
        } catch (IOException e) {
            return notJson(e.getMessage());
        }
    }

    private static CharsetDecoder strictUtf8() {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    private Rejection checkRequired() {
        for (QuoteField field : QuoteField.values()) {
            if (field.isRequired() && isAbsent(field)) {
                String what = tokens[field.ordinal()] == null ? "missing" : texts[field.ordinal()];
                return new Rejection(DeadLetterReason.MISSING_FIELD, field.key() + " is " + what);
            }
        }
        return null;
    }

    /** Whether a field is absent, null or NaN. */
    private boolean isAbsent(QuoteField field) {
        JsonToken token = tokens[field.ordinal()];
        return token == null
                || token == JsonToken.VALUE_NULL
                || token == JsonToken.VALUE_NUMBER_FLOAT && texts[field.ordinal()].equals("NaN");
    }

    private void setIndex(Quote quote) throws InvalidField {
        byte[] index = string(QuoteField.INDEX, DeadLetterReason.BAD_INDEX);
        if (!QuoteRules.isIndex(index, 0, index.length)) {
            throw invalid(
                    DeadLetterReason.BAD_INDEX,
                    QuoteField.INDEX,
                    "1 to 32 of the characters A-Z a-z 0-9 . _ - that begin with a letter or digit,"
                            + " without two points in a row");
        }
        int from = append(index);
        quote.set(QuoteField.INDEX, from, normalisedLength);
    }

    private void setDate(Quote quote) throws InvalidField {
        byte[] text = string(QuoteField.DATE, DeadLetterReason.BAD_DATE);
        int date = QuoteRules.date(text, 0, text.length);
        if (date == QuoteRules.NO_DATE) {
            throw invalid(
                    DeadLetterReason.BAD_DATE,
                    QuoteField.DATE,
                    "a day of the calendar, yyyy-MM-dd");
        }
        int from = append(text);
        quote.setDate(from, normalisedLength, date);
    }

    private byte[] string(QuoteField field, DeadLetterReason reason) throws InvalidField {
        if (tokens[field.ordinal()] != JsonToken.VALUE_STRING) {
            throw invalid(reason, field, "a string");
        }
        return texts[field.ordinal()].getBytes(StandardCharsets.UTF_8);
    }

    private void setNumber(QuoteField field, Quote quote) throws InvalidField {
        switch (field) {
            case INDEX, DATE -> {
                // not numbers
            }
            case VOLUME -> setVolume(quote);
            default -> {
                if (!isAbsent(field)) {
                    setPrice(field, quote);
                }
            }
        }
    }

    private void setPrice(QuoteField field, Quote quote) throws InvalidField {
        String text = number(field, "a finite number");
        double price = Double.parseDouble(text);
        if (Double.isInfinite(price)) {
            throw invalid(DeadLetterReason.BAD_NUMBER, field, "a finite number");
        }
        byte[] digits = text.getBytes(StandardCharsets.US_ASCII);
        boolean copied = QuoteRules.isPlainDecimal(digits, 0, digits.length);
        int from = append(copied ? digits : ascii(Double.toString(price)));
        quote.setPrice(field, from, normalisedLength, price);
    }

    private void setVolume(Quote quote) throws InvalidField {
        String accepted = "a whole number from 0 to " + Long.MAX_VALUE;
        BigDecimal volume;
        try {
            volume = new BigDecimal(number(QuoteField.VOLUME, accepted));
        } catch (NumberFormatException exponentTooLarge) {
            throw invalid(DeadLetterReason.BAD_NUMBER, QuoteField.VOLUME, accepted);
        }
        // compareTo decides by magnitude first: 1E999999999 is never written out.
        if (volume.signum() < 0 || volume.compareTo(MAX_VOLUME) > 0) {
            throw invalid(DeadLetterReason.BAD_NUMBER, QuoteField.VOLUME, accepted);
        }
        // The same holds here: a number below 1 that isn't 0 has a fraction.
        boolean isWhole =
                volume.signum() == 0
                        || volume.compareTo(BigDecimal.ONE) >= 0
                                && volume.stripTrailingZeros().scale() <= 0;
        if (!isWhole) {
            throw invalid(DeadLetterReason.BAD_NUMBER, QuoteField.VOLUME, accepted);
        }
        long whole = volume.signum() == 0 ? 0 : volume.longValueExact();
        int from = append(ascii(Long.toString(whole)));
        quote.set(QuoteField.VOLUME, from, normalisedLength);
    }

    /** The text of a JSON number; Infinity is none. */
    private String number(QuoteField field, String accepted) throws InvalidField {
        JsonToken token = tokens[field.ordinal()];
        String text = texts[field.ordinal()];
        boolean isNumber =
                token.isNumeric()
                        && Character.isDigit(text.charAt(text.length() - 1))
                        && text.length() <= MAX_NUMBER_LENGTH;
        if (!isNumber) {
            throw invalid(DeadLetterReason.BAD_NUMBER, field, accepted);
        }
        return text;
    }

    private int append(byte[] text) {
        int from = normalisedLength;
        System.arraycopy(text, 0, normalised, from, text.length);
        normalisedLength += text.length;
        return from;
    }

    private InvalidField invalid(DeadLetterReason reason, QuoteField field, String accepted) {
        JsonToken token = tokens[field.ordinal()];
        String what =
                switch (token) {
                    case VALUE_STRING -> "the string \"" + shorten(texts[field.ordinal()]) + '"';
                    default ->
                            token.isNumeric() ? shorten(texts[field.ordinal()]) : describe(token);
                };
        return new InvalidField(
                new Rejection(reason, field.key() + " is " + what + ", not " + accepted));
    }

    private Rejection inconsistent() {
        return new Rejection(
                DeadLetterReason.INCONSISTENT_PRICES,
                "low "
                        + shorten(texts[QuoteField.LOW.ordinal()])
                        + " <= open "
                        + shorten(texts[QuoteField.OPEN.ordinal()])
                        + ", close "
                        + shorten(texts[QuoteField.CLOSE.ordinal()])
                        + " <= high "
                        + shorten(texts[QuoteField.HIGH.ordinal()])
                        + " does not hold");
    }

    private static Rejection notJson(String detail) {
        return new Rejection(DeadLetterReason.NOT_JSON, detail);
    }

    private static String describe(JsonToken token) {
        if (token == null) {
            return "nothing";
        }
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_TRUE, VALUE_FALSE -> "a truth value";
            case VALUE_NULL -> "null";
            default -> "a number";
        };
    }

    private static String shorten(String text) {
        return text.length() <= MAX_QUOTED_LENGTH
                ? text
                : text.substring(0, MAX_QUOTED_LENGTH) + "...";
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Map<String, QuoteField> fieldsByKey() {
        Map<String, QuoteField> fields = new HashMap<>();
        for (QuoteField field : QuoteField.values()) {
            fields.put(field.key(), field);
            fields.put(field.tutorialKey(), field);
        }
        return fields;
    }

    /** Ends the reading of one record; it never leaves this class. */
    private static final class InvalidField extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient Rejection rejection;

        InvalidField(Rejection rejection) {
            super(rejection.detail(), null, false, false);
            this.rejection = rejection;
        }
    }
}
