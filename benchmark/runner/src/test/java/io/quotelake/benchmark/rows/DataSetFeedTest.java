package io.quotelake.benchmark.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetFeedTest {
    @TempDir Path directory;

    @Test
    void repeatsWholeCopiesOfTheFileAndKeepsItsDigits() throws IOException {
        Feed feed =
                new DataSetFeed(
                        csv(
                                "Index,Date,Open,High,Low,Close,Adj Close,Volume,CloseUSD",
                                "HSI,1986-12-31,2500.0,2501.25,2499.5,2500.0,2500.0,0.0,325.0",
                                "NYA,1965-12-31,528.690002,528.7,528.6,528.65,528.65,17.0,528.65"),
                        3);
        assertThat(feed.rows()).isEqualTo(4);
        assertThat(feed.copies()).isEqualTo(2);
        assertThat(feed.folder(feed.folderOf(3))).isEqualTo("index=NYA/date=1965");
        ByteText row = new ByteText();
        feed.appendRow(3, row);
        assertThat(row)
                .hasToString(
                        "{\"trade_date\":\"1965-12-31\",\"open\":528.690002,\"high\":528.7,\"low\":528.6,"
                                + "\"close\":528.65,\"adj_close\":528.65,\"volume\":17,\"close_usd\":528.65");
        byte[] line = row.toBytes();
        assertThat(feed.recognise(feed.folderOf(3), line, 0, line.length)).isEqualTo(1);
        assertThat(feed.recognise(feed.folderOf(0), line, 0, line.length)).isEqualTo(-1);
    }

    @Test
    void refusesAFileOfAnotherShape() {
        assertThatThrownBy(() -> new DataSetFeed(csv("Index,Date"), 1))
                .hasMessageContaining("does not begin with");
    }

    private Path csv(String... lines) throws IOException {
        return Files.writeString(
                directory.resolve("data.csv"),
                String.join("\n", lines) + "\n",
                StandardCharsets.US_ASCII);
    }
}
