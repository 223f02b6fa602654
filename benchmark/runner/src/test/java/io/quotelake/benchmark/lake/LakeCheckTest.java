package io.quotelake.benchmark.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import io.quotelake.benchmark.rows.ByteText;
import io.quotelake.benchmark.rows.Feed;
import io.quotelake.benchmark.rows.SyntheticFeed;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Period;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeCheckTest {
    private static final int ROWS = 1_000;

    @TempDir Path table;

    private final Feed feed = new SyntheticFeed("test", ROWS, 30, Period.ofDays(1));

    @BeforeEach
    void writeACorrectLake() throws IOException {
        for (int folder = 0; folder < feed.folders(); folder++) {
            StringBuilder lines = new StringBuilder();
            for (long row = folder; row < ROWS; row += feed.folders()) {
                lines.append(row(row)).append("}\n");
            }
            write(file(folder), lines.toString());
        }
    }

    @Test
    void acceptsALakeThatHoldsEachRowOnce() {
        CheckedLake lake = check();
        assertThat(lake.rows()).isEqualTo(ROWS);
        assertThat(lake.files()).isEqualTo(30);
        assertThat(lake.strays()).isZero();
        assertThat(lake.firstVisible()).isBeforeOrEqualTo(lake.lastVisible());
    }

    @Test
    void acceptsRowsThatSayWhereTheyStoodInTheTopicAndShowsThemToAnObserver() throws IOException {
        String lineage =
                ",\"kafka_partition\":3,\"kafka_offset\":1,\"kafka_timestamp\":\"2026-01-05T09:30:00.123Z\"}";
        replace(file(4), "}", lineage);
        LongAdder rows = new LongAdder();
        LakeCheck.of(
                feed,
                Layout.PARTITIONED_ROWS,
                table,
                (line, start, end, visible) -> rows.increment());
        assertThat(rows.sum()).isEqualTo(ROWS);
    }

    @Test
    void acceptsEqualValuesInOtherDigits() throws IOException {
        replace(file(4), ",\"close_usd\":", ",\"close_usd\": 0");
        assertThatThrownBy(this::check).hasMessageContaining("is altered");
        writeACorrectLake();
        replace(file(4), ",\"close_usd\":", ", \"close_usd\" : ");
        assertThat(check().rows()).isEqualTo(ROWS);
    }

    @Test
    void readsCompressedFiles() throws IOException {
        String lines = Files.readString(file(1));
        Files.delete(file(1));
        Path gzip = file(1).resolveSibling("part-1.json.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
            out.write(lines.getBytes(StandardCharsets.US_ASCII));
        }
        lines = Files.readString(file(2));
        Files.delete(file(2));
        Path zstd = file(2).resolveSibling("part-2.json.zst");
        try (OutputStream out = new ZstdOutputStream(Files.newOutputStream(zstd))) {
            out.write(lines.getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(check().rows()).isEqualTo(ROWS);
    }

    @Test
    void findsAMissingRow() throws IOException {
        String lines = Files.readString(file(7));
        Files.writeString(file(7), lines.substring(lines.indexOf('\n') + 1));
        assertThatThrownBy(this::check)
                .isInstanceOf(WrongLakeException.class)
                .hasMessageContaining("Row 7 was sent 1 times and stands 0 times");
    }

    @Test
    void findsADoubledFile() throws IOException {
        Files.copy(file(7), file(7).resolveSibling("part-again.json"));
        assertThatThrownBy(this::check)
                .hasMessageContaining("Row 7 was sent 1 times and stands 2 times");
    }

    @Test
    void findsAnAlteredValue() throws IOException {
        replace(file(7), "\"open\":", "\"open\":1");
        assertThatThrownBy(this::check).hasMessageContaining("is altered in " + file(7));
    }

    @Test
    void findsAMisplacedFile() throws IOException {
        Files.move(file(7), file(8).resolveSibling("part-moved.json"));
        assertThatThrownBy(this::check).hasMessageContaining("is misplaced");
    }

    @Test
    void findsAFolderOfItsOwn() throws IOException {
        Path stranger = table.resolve("index=XYZ/date=1965-01-05/part-0.json");
        write(stranger, row(0) + "}\n");
        assertThatThrownBy(this::check)
                .hasMessageContaining("No row of the feed belongs into the folder");
    }

    @Test
    void findsAnOpenEnd() throws IOException {
        String lines = Files.readString(file(7));
        Files.writeString(file(7), lines.substring(0, lines.length() - 1));
        assertThatThrownBy(this::check).hasMessageContaining("does not end with a line break");
    }

    @Test
    void countsTemporaryObjectsAsStrays() throws IOException {
        write(file(7).resolveSibling("_part-0_tmp_1"), "half a");
        assertThat(check().strays()).isEqualTo(1);
    }

    private CheckedLake check() {
        return LakeCheck.of(feed, Layout.PARTITIONED_ROWS, table);
    }

    private Path file(int folder) {
        return table.resolve(feed.folder(folder)).resolve("part-0.json");
    }

    private String row(long row) {
        ByteText text = new ByteText();
        feed.appendRow(row, text);
        return text.toString();
    }

    private static void replace(Path file, String what, String with) throws IOException {
        Files.writeString(file, Files.readString(file).replace(what, with));
    }

    private static void write(Path file, String lines) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, lines);
    }
}
