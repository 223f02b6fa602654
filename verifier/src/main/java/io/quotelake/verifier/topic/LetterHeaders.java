package io.quotelake.verifier.topic;

import java.util.List;

/** The headers that the job gives a dead letter, behind those that its record came with. */
final class LetterHeaders {
    static final String PREFIX = "quotelake.";
    static final String REASON = PREFIX + "reason";
    static final String DETAIL = PREFIX + "detail";
    static final String TOPIC = PREFIX + "topic";
    static final String PARTITION = PREFIX + "partition";
    static final String OFFSET = PREFIX + "offset";
    static final String TIMESTAMP = PREFIX + "timestamp";

    /** Only of a letter that the dead-letter topic could not take whole. */
    static final String TRUNCATED = PREFIX + "truncated";

    /** All that each letter has, in the order in which the job writes them. */
    static final List<String> ALWAYS = List.of(REASON, DETAIL, TOPIC, PARTITION, OFFSET, TIMESTAMP);

    private LetterHeaders() {}
}
