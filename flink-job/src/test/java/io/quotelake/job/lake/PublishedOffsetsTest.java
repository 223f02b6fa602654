package io.quotelake.job.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter.ResumeRecoverable;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task's reader and writer, with real part files, in the order in which Flink calls them. */
class PublishedOffsetsTest {

    @TempDir private java.nio.file.Path folder;

    private final MetricGroup metrics = new UnregisteredMetricsGroup();
    private final PublishedOffsets published = PublishedOffsets.of(metrics);
    private PartFiles files;
    private long recoveredAtCheckpoint;

    @BeforeEach
    void start() throws IOException {
        files =
                new PartFiles(
                        FileSystem.getLocalFileSystem().createRecoverableWriter(),
                        Compression.NONE);
    }

    @AfterEach
    void stop() {
        files.close();
        published.close();
    }

    @Test
    void whatWasReadBeforeACheckpointIsPublishedOnceThatIsCompleteAndItsFilesHaveEnded()
            throws Exception {
        published.begin(3, -2, metrics);
        RecoverableFsDataOutputStream file = open("a");

        file.closeForCommit();
        checkpoint(1, Map.of(3, 100L));
        assertThat(published.publishedTo(3)).isZero();

        published.complete(1);
        assertThat(published.publishedTo(3)).isEqualTo(100);
    }

    @Test
    void anOpenFileHoldsBackAllThatWasReadSinceTheCheckpointBeforeIt() throws Exception {
        published.begin(0, 0, metrics);
        published.begin(1, 40, metrics);
        checkpoint(1, Map.of(0, 10L, 1, 50L));
        RecoverableFsDataOutputStream old = open("a");
        checkpoint(2, Map.of(0, 20L, 1, 60L), old);
        RecoverableFsDataOutputStream young = open("b");
        checkpoint(3, Map.of(0, 30L, 1, 70L), old, young);

        published.complete(3);
        assertThat(published.publishedTo(0)).isEqualTo(10);
        assertThat(published.publishedTo(1)).isEqualTo(50);

        old.closeForCommit();
        checkpoint(4, Map.of(0, 40L, 1, 70L), young);
        published.complete(4);
        assertThat(published.publishedTo(0)).isEqualTo(20);
        assertThat(published.publishedTo(1)).isEqualTo(60);
    }

    @Test
    void aCheckpointThatFailedPublishesNothingAndTheNextPublishesAll() throws Exception {
        published.begin(0, 5, metrics);
        checkpoint(1, Map.of(0, 10L));
        checkpoint(2, Map.of(0, 20L));

        assertThat(published.publishedTo(0)).isEqualTo(5);

        published.complete(2);
        assertThat(published.publishedTo(0)).isEqualTo(20);
    }

    @Test
    void filesOfAnEarlierRunCountUntilTheyAreEndedAndPublished() throws Exception {
        RecoverableFsDataOutputStream before = open("a");
        before.write(1);
        ResumeRecoverable state = before.persist();
        before.close();
        RecoverableFsDataOutputStream recovered = files.recover(state);
        published.recover(files.recovered(), metrics);
        published.begin(0, 5, metrics);

        checkpoint(8, Map.of(0, 10L), recovered);
        published.complete(8);
        assertThat(recoveredAtCheckpoint).isEqualTo(1);
        assertThat(published.publishedTo(0)).isEqualTo(5);

        recovered.closeForCommit();
        checkpoint(9, Map.of(0, 20L));
        assertThat(recoveredAtCheckpoint).isZero();
        published.complete(9);
        assertThat(published.publishedTo(0)).isEqualTo(20);
    }

    @Test
    void positionsOfAFileOpenForManyCheckpointsAreForgottenOneByOneAndNeverTooFar()
            throws Exception {
        published.begin(0, 0, metrics);
        checkpoint(1, Map.of(0, 1L));
        RecoverableFsDataOutputStream old = open("a");
        for (long id = 2; id < 5_000; id++) {
            checkpoint(id, Map.of(0, id), old);
            published.complete(id);
        }
        RecoverableFsDataOutputStream young = open("b");
        checkpoint(5_000, Map.of(0, 5_000L), old, young);

        old.closeForCommit();
        checkpoint(5_001, Map.of(0, 5_001L), young);
        published.complete(5_001);

        assertThat(published.publishedTo(0)).isBetween(2_000L, 4_999L);
    }

    private RecoverableFsDataOutputStream open(String name) throws IOException {
        return files.open(new Path(folder.resolve(name).toUri()));
    }

    /** Flink asks the writer first, and then the reader. */
    private void checkpoint(long id, Map<Integer, Long> next, RecoverableFsDataOutputStream... open)
            throws IOException {
        files.beginCheckpoint(id);
        for (RecoverableFsDataOutputStream file : open) {
            file.persist();
        }
        recoveredAtCheckpoint = files.recovered();
        published.open(id, files.oldestOpenSince(), files.recovered());
        published.read(id, next);
    }
}
