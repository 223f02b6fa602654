package io.quotelake.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.quotelake.dashboard.TestLake.Quote;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalLakeTest {
    @TempDir Path bucket;
    private Path table;
    private LocalLake lake;
    private List<Quote> quotes;

    @BeforeEach
    void open() throws IOException {
        quotes = TestLake.quotes(Set.of("J203.JO")).subList(0, 100);
        table = bucket.resolve("stock_market");
        lake = new LocalLake(table, "s3://quotelake/stock_market", TableDefinition.builtIn());
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void isEmptyBeforeTheFirstFile() throws Exception {
        lake.refresh();
        assertThat(count()).isZero();
    }

    @Test
    void readsEachFileOnce() throws Exception {
        TestLake.write(table, quotes.subList(0, 60), 10);
        lake.refresh();
        assertThat(count()).isEqualTo(60);
        long version = lake.version();
        lake.refresh();
        assertThat(lake.version()).isEqualTo(version);

        TestLake.write(table, quotes.subList(60, 100), 10);
        lake.refresh();
        assertThat(count()).isEqualTo(100);
        assertThat(lake.reading()).isEqualTo(new Engine.Reading(100, 100));
    }

    @Test
    void seesASecondFileThatComesIntoAFolderAtOnce() throws Exception {
        Path folder = Files.createDirectories(table.resolve("index=HSI/date=2020"));
        for (int i = 0; i < 20; i++) {
            Files.writeString(
                    folder.resolve("part-" + i + ".json"), TestLake.row(quotes.get(i), i));
            lake.refresh();
            assertThat(count()).isEqualTo(i + 1);
        }
    }

    @Test
    void passesOverWhatIsStillArriving() throws Exception {
        Path folder = Files.createDirectories(table.resolve("index=HSI/date=2020"));
        Path arriving = folder.resolve("part-0.json-0b5c1f6e-8a5c-4b5e-9d43-0e8f3a3f7c11");
        Files.writeString(arriving, "{\"trade_date\":");
        lake.refresh();
        assertThat(count()).isZero();

        Files.writeString(arriving, TestLake.row(quotes.get(0), 0));
        Files.move(arriving, folder.resolve("part-0.json"));
        lake.refresh();
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void readsCompressedFiles() throws Exception {
        Path folder = Files.createDirectories(table.resolve("index=HSI/date=2020"));
        byte[] row = TestLake.row(quotes.get(0), 0).getBytes(StandardCharsets.UTF_8);
        Files.write(folder.resolve("part-0.json.zst"), Zstd.compress(row));
        try (OutputStream out =
                new GZIPOutputStream(Files.newOutputStream(folder.resolve("part-1.json.gz")))) {
            out.write(row);
        }
        lake.refresh();
        assertThat(count()).isEqualTo(2);
    }

    @Test
    void rowsGoWithTheirFiles() throws Exception {
        TestLake.write(table, quotes, 10);
        lake.refresh();
        Path folder = table.resolve("index=J203.JO/date=" + quotes.get(0).date());
        Files.delete(folder.resolve("part-0-0.json"));
        lake.refresh();
        assertThat(count()).isEqualTo(99);
        Files.delete(folder);
        lake.refresh();
        assertThat(count()).isEqualTo(99);
    }

    @Test
    void saysThatTheLakeIsGoneAndReadsItWhenItIsBack() throws Exception {
        TestLake.write(table, quotes, 4);
        lake.refresh();
        Path aside = bucket.resolve("aside");
        Files.move(table, aside);

        assertThatThrownBy(lake::refresh)
                .isInstanceOf(UnavailableException.class)
                .hasMessage("There is no folder " + table);
        assertThat(count()).isZero();

        Files.move(aside, table);
        lake.refresh();
        assertThat(count()).isEqualTo(100);
    }

    @Test
    void namesAFileThatItCannotReadAndReadsTheOthers() throws Exception {
        TestLake.write(table, quotes, 10);
        Path broken = table.resolve("index=J203.JO/date=2012-02-09/part-9.json");
        Files.writeString(broken, TestLake.row(quotes.get(0), 0) + "{\"close\":\"high\"}\n");

        assertThatThrownBy(lake::refresh)
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("1 files can't be read")
                .hasMessageContaining("date=2012-02-09/part-9.json");
        assertThat(count()).isEqualTo(100);

        Files.delete(broken);
        lake.refresh();
        assertThat(count()).isEqualTo(100);
    }

    @Test
    void hasThePathThatAthenaHas() throws Exception {
        TestLake.write(table, quotes.subList(0, 1), 10);
        lake.refresh();
        assertThat(lake.query("SELECT \"$path\", date FROM stock_market", List.of()).rows())
                .containsExactly(
                        List.of(
                                "s3://quotelake/stock_market/index=J203.JO/date=2012-02-08/part-0-0.json",
                                "2012-02-08"));
    }

    private long count() throws UnavailableException {
        return (long)
                lake.query("SELECT count(*) AS quotes FROM stock_market", List.of())
                        .first("quotes");
    }
}
