package io.quotelake.local.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quotelake.local.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
    @TempDir Path directory;
    private StateDirectory state;

    @BeforeEach
    void create() {
        state = new StateDirectory(directory);
    }

    @Test
    void theLastRunIsSetAsideAndTheOneBeforeIsGone() throws IOException {
        write("s3/lake/first");
        state.setAside();
        write("s3/lake/second");
        write("s3/flink-state/checkpoints/job/chk-1/_metadata");
        write("logs/kafka.out");

        state.setAside();

        assertThat(state.s3()).doesNotExist();
        assertThat(state.previous().resolve("s3/lake")).isDirectoryContaining("glob:**second");
        assertThat(state.previous().resolve("s3/lake")).isDirectoryNotContaining("glob:**first");
        assertThat(state.previous().resolve("s3/flink-state/checkpoints/job/chk-1/_metadata"))
                .exists();
        assertThat(state.logs().resolve("kafka.out")).exists();
    }

    @Test
    void onlyOneStackAtATimeUsesIt() {
        try (RunLock lock = RunLock.take(state)) {
            assertThat(lock).isNotNull();
            assertThat(RunLock.isTaken(state)).isTrue();
            assertThatThrownBy(() -> RunLock.take(state))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining(directory.toString());
        }
        assertThat(RunLock.isTaken(state)).isFalse();
    }

    @Test
    void theKeysOfTheEndpointAreMadeOnceAndForTheOwnerOnly() throws IOException {
        S3Keys keys = S3Keys.of(state);

        assertThat(S3Keys.of(state)).isEqualTo(keys);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(S3Keys.file(state))))
                .isEqualTo("rw-------");
    }

    private void write(String path) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, path);
    }
}
