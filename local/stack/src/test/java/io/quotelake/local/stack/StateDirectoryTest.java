package io.quotelake.local.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quotelake.terminal.Failure;
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
    void everyRunThatIsSetAsideIsKept() throws IOException {
        write("s3/lake/first");
        Path first = state.setAside().orElseThrow();
        state.settle();
        write("s3/lake/second");
        write("s3/flink-state/checkpoints/job/chk-1/_metadata");
        write("logs/kafka.out");

        Path second = state.setAside().orElseThrow();
        state.settle();
        state.putBack();

        assertThat(state.s3()).doesNotExist();
        assertThat(first.resolve("s3/lake/first")).exists();
        assertThat(second.resolve("s3/lake/second")).exists();
        assertThat(second.resolve("s3/flink-state/checkpoints/job/chk-1/_metadata")).exists();
        assertThat(state.logs().resolve("kafka.out")).exists();
        assertThat(state.setAside()).isEmpty();
    }

    @Test
    void whatWasSetAsideComesBackUnlessTheNewRunGotGoing() throws IOException {
        write("s3/lake/row");
        write("kafka/data/records");
        Path aside = state.setAside().orElseThrow();
        write("kafka/data/of-the-start-that-failed");

        state.putBack();

        assertThat(state.s3().resolve("lake/row")).exists();
        assertThat(state.kafka().resolve("data")).isDirectoryContaining("glob:**records");
        assertThat(state.kafka().resolve("data/of-the-start-that-failed")).doesNotExist();
        assertThat(aside).doesNotExist();
    }

    @Test
    void whatWasSetAsideIsNotPutOverALakeThatGrewMeanwhile() throws IOException {
        write("s3/lake/old");
        Path aside = state.setAside().orElseThrow();
        write("s3/lake/index=HSI/date=1986/part-0.json");

        state.putBack();

        assertThat(state.s3().resolve("lake/index=HSI/date=1986/part-0.json")).exists();
        assertThat(aside.resolve("s3/lake/old")).exists();
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
