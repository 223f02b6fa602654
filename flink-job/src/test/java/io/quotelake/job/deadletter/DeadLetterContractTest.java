package io.quotelake.job.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.job.Document;
import io.quotelake.job.quote.DeadLetter;
import io.quotelake.job.quote.DeadLetterReason;
import io.quotelake.job.source.SourceRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

/** A dead letter has the headers of docs/contract.md. */
class DeadLetterContractTest {

    private static final Document CONTRACT = Document.of("docs/contract.md");

    @Test
    void theHeadersAreThoseOfThePage() {
        Map<String, String> expected = CONTRACT.table("header");
        String detail = expected.get("`quotelake.detail`").replace("`", "");
        DeadLetter letter = new DeadLetter(record(), DeadLetterReason.BAD_INDEX, detail);

        Map<String, String> headers = new LinkedHashMap<>();
        for (Header header :
                new DeadLetterSerializer("dead", 10_000).serialize(letter, null, null).headers()) {
            headers.put("`" + header.key() + "`", "`" + new String(header.value(), UTF_8) + "`");
        }

        assertThat(headers).containsExactlyEntriesOf(expected);
    }

    private static SourceRecord record() {
        SourceRecord record = new SourceRecord();
        record.topic = "stock_market";
        record.partition = 3;
        record.offset = 1207;
        record.timestamp = 1767605400123L;
        record.key = "^HSI".getBytes(UTF_8);
        record.value = "{}".getBytes(UTF_8);
        record.headerNames = new String[0];
        record.headerValues = new byte[0][];
        return record;
    }
}
