package io.quotelake.job.lake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quotelake.job.task.Refusal;
import io.quotelake.s3.S3Server;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter.ResumeRecoverable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativePluginResumeTest {

    @TempDir private java.nio.file.Path directory;

    @Test
    void aStateWithOpenFilesIsRefusedByName() throws Exception {
        try (NativePlugin plugin = new NativePlugin(directory)) {
            Path file = new Path("s3://" + S3Server.BUCKET + "/part-0.json");
            PartFiles files =
                    new PartFiles(
                            FileSystem.get(file.toUri()).createRecoverableWriter(),
                            Compression.NONE);
            RecoverableFsDataOutputStream open = files.open(file);
            open.write("row\n".getBytes(UTF_8));
            ResumeRecoverable state = open.persist();

            assertThat(files.keepsUnfinishedFiles()).isFalse();
            assertThatThrownBy(() -> files.recover(state))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("flink-s3-fs-native loses bytes");
        }
    }
}
