package io.quotelake.local.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.local.stack.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one process counts and another one shows. */
class LakeCountsTest {
    @TempDir Path directory;
    private StateDirectory state;
    private Path table;

    @BeforeEach
    void makeATable() throws IOException {
        state = new StateDirectory(directory);
        table = state.s3().resolve("quotelake/stock_market");
        Files.createDirectories(state.run());
        publish("part-0.json", "{}\n{}\n");
    }

    @Test
    void whatIsKeptIsReadByOthersAndGrowsWithTheLake() throws IOException {
        LakeCounts counts = new LakeCounts(state);
        counts.count(table);
        counts.keep();

        LakeCounts.Known first = LakeCounts.read(state, table).orElseThrow();
        assertThat(first.rows()).isEqualTo(2);
        assertThat(first.files()).isEqualTo(1);
        assertThat(first.counted()).isPositive();

        publish("part-1.json", "{}\n");
        counts.count(table);
        counts.keep();

        LakeCounts.Known second = LakeCounts.read(state, table).orElseThrow();
        assertThat(second.rows()).isEqualTo(3);
        assertThat(second.files()).isEqualTo(2);
    }

    @Test
    void nothingIsKnownOfATableThatNobodyHasCountedOrFromAnEarlierStack() throws IOException {
        LakeCounts earlier = new LakeCounts(state);
        earlier.count(table);
        earlier.keep();
        assertThat(LakeCounts.read(state, table.resolveSibling("other"))).isEmpty();

        new LakeCounts(state);

        assertThat(LakeCounts.read(state, table)).isEmpty();
    }

    private void publish(String name, String rows) throws IOException {
        Path date = table.resolve("index=HSI/date=1986-12-31");
        Files.createDirectories(date);
        Files.writeString(date.resolve(name), rows);
    }
}
