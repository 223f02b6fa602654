package io.quotelake.verifier.verify;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where judging ends: records from there on are none of this verification's business. At most one
 * of the three is set; with none it is where the topic ends.
 *
 * @param offsets by partition, the offset after the last record that is judged
 * @param time the first record that is not judged has this time or a later one
 * @param group a consumer group: judged is what it has read, by the offsets it has committed
 */
public record Until(Map<Integer, Long> offsets, Instant time, String group) {
    private static final Pattern OFFSET = Pattern.compile("(\\d{1,9}):(\\d{1,18})");
    private static final String GROUP = "group:";

    /** The topic's end. */
    public static final Until LATEST = new Until(null, null, null);

    /**
     * Reads {@code latest}, an instant, {@code group:ID}, or an offset for each partition as {@code
     * 0:1200,1:900}.
     *
     * @throws IllegalArgumentException with what is accepted, if it is none of them
     */
    public static Until parse(String text) {
        if (text.equals("latest")) {
            return LATEST;
        }
        if (text.startsWith(GROUP) && text.length() > GROUP.length()) {
            return new Until(null, null, text.substring(GROUP.length()));
        }
        Map<Integer, Long> offsets = new TreeMap<>();
        for (String word : text.split(",")) {
            Matcher offset = OFFSET.matcher(word.strip());
            if (!offset.matches()) {
                return new Until(null, instant(text), null);
            }
            offsets.put(Integer.parseInt(offset.group(1)), Long.parseLong(offset.group(2)));
        }
        return new Until(offsets, null, null);
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'%s' is neither 'latest', nor offsets such as 0:1200,1:900, nor an instant such as 2026-01-05T09:30:00Z, nor group:ID"
                            .formatted(text));
        }
    }
}
