package io.quotelake.verifier.topic;

import io.quotelake.terminal.Count;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Counts dead letters by reason and keeps the first few of each. */
public final class DeadLetterReport {
    private static final int VALUE_CHARACTERS_SHOWN = 160;
    private static final int LINES_PER_SAMPLE = 2;

    private final Map<String, Reason> reasons = new TreeMap<>();
    private final int samplesPerReason;
    private long count;

    /**
     * @param samplesPerReason how many of each reason to show whole
     */
    public DeadLetterReport(int samplesPerReason) {
        this.samplesPerReason = samplesPerReason;
    }

    /** Takes one in. */
    public void add(ConsumerRecord<byte[], byte[]> letter) {
        count++;
        Reason reason =
                reasons.computeIfAbsent(header(letter, LetterHeaders.REASON), name -> new Reason());
        reason.count++;
        if (reason.samples.size() < LINES_PER_SAMPLE * samplesPerReason) {
            reason.samples.add(
                    String.format(
                            Locale.ROOT,
                            "    partition %s, offset %s: %s",
                            header(letter, LetterHeaders.PARTITION),
                            header(letter, LetterHeaders.OFFSET),
                            header(letter, LetterHeaders.DETAIL)));
            reason.samples.add(
                    "      key " + shown(letter.key()) + ", value " + shown(letter.value()));
        }
    }

    /** For people. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(Count.of(count, "dead letter"));
        reasons.forEach(
                (name, reason) -> {
                    lines.add(String.format(Locale.ROOT, "  %-20s %,d", name, reason.count));
                    lines.addAll(reason.samples);
                });
        return lines;
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        Header header = letter.headers().lastHeader(name);
        return header == null ? "(no " + name + ")" : printable(header.value());
    }

    private static String shown(byte[] bytes) {
        if (bytes == null) {
            return "null";
        }
        String text = printable(bytes);
        return text.length() <= VALUE_CHARACTERS_SHOWN
                ? text
                : text.substring(0, VALUE_CHARACTERS_SHOWN) + "… (" + bytes.length + " bytes)";
    }

    /** A dead letter may hold anything, also what would steer a terminal. */
    private static String printable(byte[] bytes) {
        int length = Math.min(bytes.length, 4 * VALUE_CHARACTERS_SHOWN);
        return new String(bytes, 0, length, StandardCharsets.UTF_8).replaceAll("\\p{C}", "?");
    }

    private static final class Reason {
        private final List<String> samples = new ArrayList<>();
        private long count;
    }
}
