package io.quotelake.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.dashboard.Verdict.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static final Path RUNBOOK =
            Path.of(System.getProperty("quotelake.home"), "docs/operations.md");
    private static final long NOW = 1_000_000_000;
    private static final long EVERY = 10_000;

    @Test
    void eachChapterIsOneOfTheRunbook() throws Exception {
        List<String> headings =
                Files.readAllLines(RUNBOOK).stream()
                        .filter(line -> line.matches("##+ .*"))
                        .map(line -> line.replaceFirst("#+ ", ""))
                        .toList();
        for (Verdict.Chapter chapter : Verdict.Chapter.values()) {
            assertThat(headings).contains(chapter.title());
        }
    }

    @Test
    void aJobHasTimeForItsFirstCheckpoint() {
        assertThat(level(job(NOW - 120_000, null))).isEqualTo(Level.GOOD);
        assertThat(level(job(NOW - 120_001, null))).isEqualTo(Level.BAD);
    }

    @Test
    void aLateCheckpointIsSaid() {
        assertThat(level(job(0, checkpoint(NOW - 6 * EVERY)))).isEqualTo(Level.GOOD);
        assertThat(level(job(0, checkpoint(NOW - 6 * EVERY - 1)))).isEqualTo(Level.BAD);
    }

    private static Level level(FlinkWatch.Job job) {
        return Verdict.of(
                        NOW,
                        new State.Kafka(null, "stock_market", null, null),
                        new State.Flink(
                                "http://flink",
                                new FlinkWatch.Cluster(1, 2, 1, List.of(job)),
                                null),
                        new State.Lake("", 1, new Engine.Reading(1, 1), 1L, true, null, null),
                        "")
                .level();
    }

    private static FlinkWatch.Checkpoint checkpoint(long completed) {
        return new FlinkWatch.Checkpoint(7, completed, completed, 1);
    }

    private static FlinkWatch.Job job(long started, FlinkWatch.Checkpoint checkpoint) {
        return new FlinkWatch.Job(
                "1",
                "quotes",
                "stock_market",
                "s3://b/t",
                "RUNNING",
                started,
                0,
                0,
                0,
                0,
                0,
                0,
                false,
                Map.of(),
                checkpoint,
                EVERY);
    }
}
