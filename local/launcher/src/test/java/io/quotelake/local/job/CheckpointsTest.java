package io.quotelake.local.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.local.stack.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
    private static final String FIRST = "aaaaaa00000000000000000000000000";
    private static final String SECOND = "bbbbbb00000000000000000000000000";
    private static final String STRANGER = "cccccc00000000000000000000000000";

    @TempDir Path directory;
    private Checkpoints checkpoints;

    @BeforeEach
    void create() {
        checkpoints = new Checkpoints(new StateDirectory(directory));
    }

    @Test
    void theNewestIsFoundAmongAllIdsOfTheJob() throws IOException {
        complete("s3/flink-state/checkpoints/" + FIRST + "/chk-9", 1);
        Path newest = complete("s3/flink-state/checkpoints/" + SECOND + "/chk-2", 2);

        assertThat(checkpoints.newest(List.of(FIRST, SECOND))).contains(newest);
    }

    @Test
    void aSavepointMayBeTheNewest() throws IOException {
        complete("s3/flink-state/checkpoints/" + FIRST + "/chk-9", 1);
        Path newest = complete("s3/flink-state/savepoints/savepoint-aaaaaa-1234567890ab", 2);

        assertThat(checkpoints.newest(List.of(FIRST))).contains(newest);
    }

    @Test
    void unfinishedOnesAndThoseOfOtherJobsDoNotCount() throws IOException {
        Path newest = complete("s3/flink-state/checkpoints/" + FIRST + "/chk-1", 1);
        Files.createDirectories(
                directory.resolve("s3/flink-state/checkpoints/" + FIRST + "/chk-2"));
        complete("s3/flink-state/checkpoints/" + STRANGER + "/chk-5", 5);
        complete("s3/flink-state/savepoints/savepoint-cccccc-1234567890ab", 6);

        assertThat(checkpoints.newest(List.of(FIRST))).contains(newest);
    }

    @Test
    void withoutAnyThereIsNone() throws IOException {
        assertThat(checkpoints.newest(List.of(FIRST))).isEmpty();
    }

    private Path complete(String path, int age) throws IOException {
        Path metadata = directory.resolve(path).resolve("_metadata");
        Files.createDirectories(metadata.getParent());
        Files.createFile(metadata);
        Files.setLastModifiedTime(metadata, FileTime.fromMillis(age * 1000L));
        return metadata.getParent();
    }
}
