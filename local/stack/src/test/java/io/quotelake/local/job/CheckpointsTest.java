package io.quotelake.local.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quotelake.local.stack.StateDirectory;
import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
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
        complete("s3/flink-state/checkpoints/" + FIRST + "/chk-9", 9);
        Path newest = complete("s3/flink-state/checkpoints/" + SECOND + "/chk-12", 12);

        assertThat(checkpoints.newest(List.of(FIRST, SECOND))).contains(state(12, newest));
    }

    @Test
    void itsNumberDecidesAndNoClock() throws IOException {
        Path newest = complete("s3/flink-state/checkpoints/" + FIRST + "/chk-10", 10);
        Path older = complete("s3/flink-state/checkpoints/" + FIRST + "/chk-9", 9);
        Files.setLastModifiedTime(
                older.resolve("_metadata"), FileTime.from(Instant.now().plusSeconds(3_600)));

        assertThat(checkpoints.newest(List.of(FIRST))).contains(state(10, newest));
    }

    @Test
    void aSavepointMayBeTheNewest() throws IOException {
        complete("s3/flink-state/checkpoints/" + FIRST + "/chk-9", 9);
        Path newest = complete("s3/flink-state/savepoints/savepoint-aaaaaa-1234567890ab", 10);

        assertThat(checkpoints.newest(List.of(FIRST))).contains(state(10, newest));
    }

    @Test
    void unfinishedOnesAndThoseOfOtherJobsDoNotCount() throws IOException {
        Path newest = complete("s3/flink-state/checkpoints/" + FIRST + "/chk-1", 1);
        Files.createDirectories(
                directory.resolve("s3/flink-state/checkpoints/" + FIRST + "/chk-2"));
        complete("s3/flink-state/checkpoints/" + STRANGER + "/chk-5", 5);
        complete("s3/flink-state/savepoints/savepoint-cccccc-1234567890ab", 6);

        assertThat(checkpoints.newest(List.of(FIRST))).contains(state(1, newest));
    }

    @Test
    void withoutAnyThereIsNone() {
        assertThat(checkpoints.newest(List.of(FIRST))).isEmpty();
    }

    @Test
    void oneThatCannotBeReadIsAFailureAndNotNone() throws IOException {
        complete("s3/flink-state/checkpoints/" + FIRST + "/chk-1", 1);
        Path torn = directory.resolve("s3/flink-state/checkpoints/" + FIRST + "/chk-2/_metadata");
        Files.createDirectories(torn.getParent());
        Files.write(torn, new byte[] {1, 2, 3});

        assertThatThrownBy(() -> checkpoints.newest(List.of(FIRST)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("nobody knows which is the newest");
    }

    @Test
    void aSavepointElsewhereIsFoundByItsPathOrItsUri() throws IOException {
        Path elsewhere = complete("by the way/savepoint-aaaaaa-1", 7);
        Path onS3 = complete("s3/flink/savepoints/savepoint-aaaaaa-2", 8);

        assertThat(checkpoints.at(elsewhere.toString())).contains(state(7, elsewhere));
        assertThat(checkpoints.at(elsewhere.toUri().toString())).contains(state(7, elsewhere));
        assertThat(checkpoints.at("file:" + elsewhere)).contains(state(7, elsewhere));
        assertThat(checkpoints.at("s3://flink/savepoints/savepoint-aaaaaa-2"))
                .contains(new SavedState(8, "s3://flink/savepoints/savepoint-aaaaaa-2"));
        assertThat(checkpoints.at(onS3 + "-none")).isEmpty();
    }

    private SavedState state(long number, Path at) {
        Path s3 = directory.resolve("s3");
        return new SavedState(
                number, at.startsWith(s3) ? "s3://" + s3.relativize(at) : at.toString());
    }

    /** As Flink's files begin: a magic number, the version of the format, the number. */
    private Path complete(String path, long number) throws IOException {
        Path metadata = directory.resolve(path).resolve("_metadata");
        Files.createDirectories(metadata.getParent());
        Files.write(
                metadata,
                ByteBuffer.allocate(16).putInt(0x4960672d).putInt(6).putLong(number).array());
        return metadata.getParent();
    }
}
