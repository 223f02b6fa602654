package io.quotelake.verifier.topic;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A dead letter's claims, and the fingerprint of what it preserves: the record's key, value and
 * headers as they came.
 *
 * @param topic of the source record, as are partition and offset
 * @param fingerprint equal for the source record and its untouched copy
 */
public record DeadLetter(
        String topic, int partition, long offset, String reason, String fingerprint) {
    /** The closed list of reasons. */
    private static final Set<String> REASONS =
            Set.of(
                    "empty",
                    "too-large",
                    "not-json",
                    "missing-field",
                    "bad-index",
                    "bad-date",
                    "bad-number",
                    "inconsistent-prices");

    /** The topic that the job sends a topic's dead letters to, unless it is told another one. */
    public static String topicOf(String topic) {
        return topic + ".dead-letters";
    }

    /**
     * The dead letter in a record of the dead-letter topic; nothing when its headers name no source
     * or no reason.
     */
    public static Optional<DeadLetter> of(ConsumerRecord<byte[], byte[]> record) {
        try {
            String reason = header(record, LetterHeaders.REASON);
            if (!REASONS.contains(reason)) {
                return Optional.empty();
            }
            return Optional.of(
                    new DeadLetter(
                            header(record, LetterHeaders.TOPIC),
                            Integer.parseInt(header(record, LetterHeaders.PARTITION)),
                            Long.parseLong(header(record, LetterHeaders.OFFSET)),
                            reason,
                            isTruncated(record)
                                    ? truncatedFingerprint(record)
                                    : fingerprint(record)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether a dead letter's fingerprint is that of this record, or of its beginning when the
     * letter was truncated.
     */
    public static boolean preserves(
            String letterFingerprint, ConsumerRecord<byte[], byte[]> source) {
        if (!letterFingerprint.startsWith(LetterHeaders.TRUNCATED)) {
            return letterFingerprint.equals(fingerprint(source));
        }
        int length = Integer.parseInt(letterFingerprint.split(" ")[1]);
        byte[] value = valueOrNone(source);
        return length <= value.length
                && letterFingerprint.equals(truncatedFingerprint(Arrays.copyOf(value, length)));
    }

    private static byte[] valueOrNone(ConsumerRecord<byte[], byte[]> record) {
        return record.value() == null ? new byte[0] : record.value();
    }

    private static boolean isTruncated(ConsumerRecord<byte[], byte[]> record) {
        return record.headers().lastHeader(LetterHeaders.TRUNCATED) != null;
    }

    private static String truncatedFingerprint(ConsumerRecord<byte[], byte[]> record) {
        return truncatedFingerprint(valueOrNone(record));
    }

    private static String truncatedFingerprint(byte[] beginning) {
        return LetterHeaders.TRUNCATED
                + " "
                + beginning.length
                + " "
                + HexFormat.of().formatHex(sha256().digest(beginning));
    }

    private static String fingerprint(ConsumerRecord<byte[], byte[]> record) {
        MessageDigest digest = sha256();
        update(digest, record.key());
        update(digest, record.value());
        for (Header header : record.headers()) {
            if (!header.key().startsWith(LetterHeaders.PREFIX)) {
                update(digest, header.key().getBytes(StandardCharsets.UTF_8));
                update(digest, header.value());
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Lengths go in too: without them the boundary between two parts could move unseen. */
    private static void update(MessageDigest digest, byte[] part) {
        int length = part == null ? -1 : part.length;
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
        if (part != null) {
            digest.update(part);
        }
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        if (header == null || header.value() == null) {
            throw new IllegalArgumentException("no header " + name);
        }
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
