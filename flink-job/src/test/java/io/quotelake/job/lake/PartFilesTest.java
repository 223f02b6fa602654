package io.quotelake.job.lake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.zip.GZIPInputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PartFilesTest {

    @TempDir private java.nio.file.Path folder;

    private static byte[] row(int number) {
        return ("{\"row\":" + number + "}\n").getBytes(UTF_8);
    }

    private static String rows(int from, int to) {
        StringBuilder rows = new StringBuilder();
        for (int i = from; i < to; i++) {
            rows.append(new String(row(i), UTF_8));
        }
        return rows.toString();
    }

    private static void write(RecoverableFsDataOutputStream file, int from, int to)
            throws IOException {
        for (int i = from; i < to; i++) {
            file.write(row(i));
        }
    }

    private static String read(Compression compression, byte[] bytes) throws IOException {
        InputStream raw = new ByteArrayInputStream(bytes);
        InputStream in =
                switch (compression) {
                    case NONE -> raw;
                    case GZIP -> new GZIPInputStream(raw);
                    case ZSTD -> new ZstdInputStream(raw);
                };
        return new String(in.readAllBytes(), UTF_8);
    }

    private PartFiles files(Compression compression) throws IOException {
        RecoverableWriter local = FileSystem.getLocalFileSystem().createRecoverableWriter();
        return new PartFiles(local, compression);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void aFileThatGoesOnAfterARestartIsReadAsOne(Compression compression) throws Exception {
        java.nio.file.Path path = folder.resolve("part-0" + compression.suffix());
        RecoverableWriter.ResumeRecoverable checkpoint;
        try (PartFiles files = files(compression)) {
            RecoverableFsDataOutputStream file = files.open(new Path(path.toUri()));
            write(file, 0, 50_000);
            checkpoint = file.persist();
            write(file, 50_000, 50_100);
            file.close();
        }

        try (PartFiles files = files(compression)) {
            RecoverableFsDataOutputStream file = files.recover(checkpoint);
            write(file, 50_000, 60_000);
            file.closeForCommit().commit();
        }

        byte[] bytes = Files.readAllBytes(path);
        assertThat(read(compression, bytes)).isEqualTo(rows(0, 60_000));
        if (compression != Compression.NONE) {
            assertThat(bytes.length).isLessThan(rows(0, 60_000).length() / 3);
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void aFileThatGoesOnKeepsTheCodecOfItsNameWhateverNewOnesHave(Compression compression)
            throws Exception {
        for (Compression now : Compression.values()) {
            java.nio.file.Path path = folder.resolve("part-" + now + compression.suffix());
            RecoverableWriter.ResumeRecoverable checkpoint;
            try (PartFiles files = files(compression)) {
                RecoverableFsDataOutputStream file = files.open(new Path(path.toUri()));
                write(file, 0, 100);
                checkpoint = file.persist();
                file.close();
            }

            try (PartFiles files = files(now)) {
                RecoverableFsDataOutputStream file = files.recover(checkpoint);
                write(file, 100, 200);
                file.closeForCommit().commit();
            }

            assertThat(read(compression, Files.readAllBytes(path))).isEqualTo(rows(0, 200));
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void whatACheckpointPersistedIsWholeByItself(Compression compression) throws Exception {
        java.nio.file.Path path = folder.resolve("part-0" + compression.suffix());
        try (PartFiles files = files(compression)) {
            RecoverableFsDataOutputStream file = files.open(new Path(path.toUri()));
            write(file, 0, 10);
            RecoverableWriter.ResumeRecoverable checkpoint = file.persist();
            write(file, 10, 20);
            file.close();

            files.recoverForCommit(checkpoint).commitAfterRecovery();
        }

        assertThat(read(compression, Files.readAllBytes(path))).isEqualTo(rows(0, 10));
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void openFilesAreCountedOnceEach(Compression compression) throws Exception {
        try (PartFiles files = files(compression)) {
            RecoverableFsDataOutputStream first =
                    files.open(new Path(folder.resolve("first").toUri()));
            RecoverableFsDataOutputStream second =
                    files.open(new Path(folder.resolve("second").toUri()));
            assertThat(files.open()).isEqualTo(2);

            first.closeForCommit();
            first.close();
            assertThat(files.open()).isEqualTo(1);

            second.close();
            assertThat(files.open()).isZero();
        }
    }
}
