package io.quotelake.benchmark.rows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Period;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SyntheticFeedTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Feed feed = new SyntheticFeed("test", 10_000, 100, Period.ofMonths(1));

    @Test
    void makesConsistentQuotesOfSome180Bytes() throws Exception {
        long bytes = 0;
        for (long row = 0; row < feed.rows(); row++) {
            String quote = quote(row);
            bytes += quote.length();
            JsonNode json = JSON.readTree(quote);
            assertThat(json.path("low").doubleValue())
                    .as(quote)
                    .isLessThanOrEqualTo(json.path("open").doubleValue())
                    .isLessThanOrEqualTo(json.path("close").doubleValue());
            assertThat(json.path("high").doubleValue())
                    .as(quote)
                    .isGreaterThanOrEqualTo(json.path("open").doubleValue())
                    .isGreaterThanOrEqualTo(json.path("close").doubleValue());
        }
        assertThat(bytes / feed.rows()).isBetween(175L, 190L);
    }

    @Test
    void writesNumbersAsJavaDoes() throws Exception {
        for (long row = 0; row < feed.rows(); row++) {
            String quote = quote(row);
            String close = JSON.readTree(quote).path("close").toString();
            assertThat(quote).contains("\"close\":" + close + ",");
        }
    }

    @Test
    void recognisesEachRowByItsLine() {
        for (long row = 0; row < feed.rows(); row++) {
            byte[] line = ("xx" + quote(row)).getBytes(StandardCharsets.US_ASCII);
            assertThat(feed.recognise(feed.folderOf(row), line, 2, line.length)).isEqualTo(row);
        }
    }

    @Test
    void recognisesNoRowThatItDidNotSend() {
        byte[] line = "{\"volume\":999999999}".getBytes(StandardCharsets.US_ASCII);
        assertThat(feed.recognise(0, line, 0, line.length)).isEqualTo(-1);
        line = "{\"volume\":1000010000}".getBytes(StandardCharsets.US_ASCII);
        assertThat(feed.recognise(0, line, 0, line.length)).isEqualTo(-1);
        line = "{}".getBytes(StandardCharsets.US_ASCII);
        assertThat(feed.recognise(0, line, 0, line.length)).isEqualTo(-1);
    }

    @Test
    void givesEachFolderEquallyManyRowsAndAPathOfItsOwn() {
        int[] rows = new int[feed.folders()];
        for (long row = 0; row < feed.rows(); row++) {
            rows[feed.folderOf(row)]++;
        }
        assertThat(rows).containsOnly(100);
        Set<String> paths = new HashSet<>();
        for (int folder = 0; folder < feed.folders(); folder++) {
            paths.add(feed.folder(folder));
        }
        assertThat(paths)
                .hasSize(feed.folders())
                .contains("index=HSI/date=1965-01-05", "index=NYA/date=1965-02-05");
    }

    private String quote(long row) {
        ByteText text = new ByteText();
        feed.appendQuote(row, text);
        return text.toString();
    }
}
