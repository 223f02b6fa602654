package io.quotelake.verifier.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class DeadLetterReportTest {

    @Test
    void reasonsAreCountedAndSomeLettersShown() {
        DeadLetterReport report = new DeadLetterReport(1);
        report.add(letter("missing-field", 7, "{\"index\":\"HSI\"}"));
        report.add(letter("missing-field", 8, "{}"));
        report.add(letter("not-json", 9, "\u001b[2Jhello"));

        assertThat(report.lines())
                .containsExactly(
                        "3 dead letters",
                        "  missing-field        2",
                        "    partition 3, offset 7: said why",
                        "      key null, value {\"index\":\"HSI\"}",
                        "  not-json             1",
                        "    partition 3, offset 9: said why",
                        "      key null, value ?[2Jhello");
    }

    @Test
    void aHugeValueIsCut() {
        DeadLetterReport report = new DeadLetterReport(1);
        report.add(letter("too-large", 1, "x".repeat(5_000_000)));

        assertThat(report.lines())
                .last()
                .asString()
                .hasSizeLessThan(300)
                .endsWith("(5000000 bytes)");
    }

    private static ConsumerRecord<byte[], byte[]> letter(String reason, long offset, String value) {
        ConsumerRecord<byte[], byte[]> letter =
                new ConsumerRecord<>("letters", 0, 0, null, bytes(value));
        letter.headers().add("quotelake.reason", bytes(reason));
        letter.headers().add("quotelake.detail", bytes("said why"));
        letter.headers().add("quotelake.partition", bytes("3"));
        letter.headers().add("quotelake.offset", bytes(Long.toString(offset)));
        return letter;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
