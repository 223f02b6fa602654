package io.quotelake.local.lake;

import io.quotelake.local.topic.TopicReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Compares a topic with its lake on this machine: each committed record must be one row with its
 * values in the right folder, or one dead letter. Takes eight bytes of memory a record.
 */
public final class ExactlyOnceCheck {
    private static final int MAX_EXAMPLES = 10;

    /**
     * States of an offset, beside the fingerprint of a quote that has not been met in the lake yet.
     */
    private static final long NO_RECORD = 0;

    private static final long MET = 1;
    private static final long UNREADABLE = 2;

    private final Map<Integer, long[]> offsets = new HashMap<>();
    private final List<String> examples = new ArrayList<>();
    private long published;
    private long deadLetters;
    private long rows;
    private long files;
    private long bytes;
    private long wrong;

    private ExactlyOnceCheck() {}

    /**
     * What was found.
     *
     * @param published committed records of the topic
     * @param rows rows of the lake
     * @param deadLetters records that went to the dead-letter topic
     * @param files files of the lake
     * @param bytes their size
     * @param wrong how many records or files are missing, doubled, altered or misplaced
     * @param examples the first of these, a sentence each
     */
    public record Result(
            long published,
            long rows,
            long deadLetters,
            long files,
            long bytes,
            long wrong,
            List<String> examples) {}

    /** Reads both, whole. */
    public static Result run(String brokers, String topic, String deadLetterTopic, Lake lake)
            throws IOException {
        ExactlyOnceCheck check = new ExactlyOnceCheck();
        try (TopicReader reader = new TopicReader(brokers, topic)) {
            reader.forEach(check::published);
        }
        try (TopicReader reader = new TopicReader(brokers, deadLetterTopic)) {
            reader.forEach(check::deadLetter);
        }
        lake.walk(check.new LakeVisitor());
        check.countMissing();
        return new Result(
                check.published,
                check.rows,
                check.deadLetters,
                check.files,
                check.bytes,
                check.wrong,
                List.copyOf(check.examples));
    }

    private void published(ConsumerRecord<byte[], byte[]> quote) {
        published++;
        set(quote.partition(), quote.offset(), fingerprint(quote));
    }

    private static long fingerprint(ConsumerRecord<byte[], byte[]> quote) {
        try {
            long fingerprint = RowFingerprint.ofQuote(quote.value(), quote.timestamp());
            return fingerprint >= NO_RECORD && fingerprint <= UNREADABLE
                    ? UNREADABLE + 1
                    : fingerprint;
        } catch (IOException | NullPointerException e) {
            return UNREADABLE; // It must be a dead letter.
        }
    }

    private void deadLetter(ConsumerRecord<byte[], byte[]> letter) {
        deadLetters++;
        long partition = number(letter, "quotelake.partition");
        long offset = number(letter, "quotelake.offset");
        if (!meet((int) partition, offset)) {
            report(
                    "dead letter of partition %d, offset %d: no such record, or met already",
                    partition, offset);
        }
    }

    private static long number(ConsumerRecord<byte[], byte[]> letter, String header) {
        Header found = letter.headers().lastHeader(header);
        return found == null
                ? -1
                : Long.parseLong(new String(found.value(), StandardCharsets.US_ASCII));
    }

    private final class LakeVisitor implements Lake.Visitor {
        @Override
        public void partFile(String index, String date, Path file) throws IOException {
            files++;
            bytes += Files.size(file);
            try (BufferedReader lines = Files.newBufferedReader(file)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    row(index, date, line, file);
                }
            }
        }

        @Override
        public void stray(Path file) {
            report("%s does not belong into the table", file);
        }
    }

    private void row(String index, String date, String line, Path file) {
        rows++;
        try {
            Map<String, String> fields =
                    RowFingerprint.fields(line.getBytes(StandardCharsets.UTF_8));
            int partition = Integer.parseInt(RowFingerprint.required(fields, "kafka_partition"));
            long offset = Long.parseLong(RowFingerprint.required(fields, "kafka_offset"));
            long expected = get(partition, offset);
            if (!RowFingerprint.required(fields, "trade_date").startsWith(date)) {
                report(
                        "partition %d, offset %d lies in the wrong folder: %s",
                        partition, offset, file);
            } else if (!meet(partition, offset)) {
                report(
                        "partition %d, offset %d is there twice, or was never published: %s",
                        partition, offset, file);
            } else if (expected != UNREADABLE && expected != RowFingerprint.ofRow(index, fields)) {
                report(
                        "partition %d, offset %d is not what was published: %s",
                        partition, offset, file);
            }
        } catch (IOException | RuntimeException e) {
            report("%s has a line that is no row: %s", file, e.getMessage());
        }
    }

    private void countMissing() {
        offsets.forEach(
                (partition, states) -> {
                    for (int offset = 0; offset < states.length; offset++) {
                        if (states[offset] != NO_RECORD && states[offset] != MET) {
                            report("partition %d, offset %d is missing", partition, offset);
                        }
                    }
                });
    }

    private void report(String format, Object... arguments) {
        wrong++;
        if (examples.size() < MAX_EXAMPLES) {
            examples.add(String.format(format, arguments));
        }
    }

    /** Takes note of a record's only appearance; false if there is none to take note of. */
    private boolean meet(int partition, long offset) {
        long state = get(partition, offset);
        if (state == NO_RECORD || state == MET) {
            return false;
        }
        set(partition, offset, MET);
        return true;
    }

    private long get(int partition, long offset) {
        long[] states = offsets.getOrDefault(partition, new long[0]);
        return offset >= 0 && offset < states.length ? states[(int) offset] : NO_RECORD;
    }

    private void set(int partition, long offset, long state) {
        long[] states = offsets.getOrDefault(partition, new long[1024]);
        if (offset >= states.length) {
            states = Arrays.copyOf(states, (int) Math.max(offset + 1, 2L * states.length));
        }
        states[(int) offset] = state;
        offsets.put(partition, states);
    }
}
