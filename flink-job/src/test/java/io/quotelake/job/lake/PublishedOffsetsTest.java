package io.quotelake.job.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.job.owner.Reached;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.connector.file.sink.writer.FileWriterBucketState;
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

    private static final Path TABLE = new Path("s3://bucket/table");

    @TempDir private java.nio.file.Path folder;

    private final MetricGroup metrics = new UnregisteredMetricsGroup();
    private final PublishedOffsets published = PublishedOffsets.of(metrics);
    private PartFiles files;
    private Optional<FileWriterBucketState> saved;

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
    void theStateSaysFromWhichOffsetsOnItsOpenFilesMayHoldRows() throws Exception {
        published.restore(List.of(), TABLE, 0, 2);
        published.begin(0, 5, metrics);
        published.begin(1, 6, metrics);
        checkpoint(1, Map.of(0, 10L, 1, 20L));
        RecoverableFsDataOutputStream file = open("a");
        file.write(1);
        checkpoint(2, Map.of(0, 30L, 1, 40L), file);
        FileWriterBucketState offsets = saved.orElseThrow();
        ResumeRecoverable state = file.persist();
        file.close();
        published.close();

        PublishedOffsets next = PublishedOffsets.of(metrics);
        assertThat(next.restore(List.of(offsets), TABLE, 0, 2)).isEmpty();
        RecoverableFsDataOutputStream recovered = recover(next, state);
        next.begin(0, 30, metrics);
        assertThat(next.recovered()).isZero();
        assertThat(next.publishedTo(0)).isEqualTo(10);
        assertThat(next.publishedTo(1)).isEqualTo(20);

        recovered.closeForCommit();
        checkpoint(next, 3, Map.of(0, 50L));
        next.complete(3);
        assertThat(next.publishedTo(0)).isEqualTo(50);
        assertThat(next.publishedTo(1)).as("another task reads it now").isEqualTo(Long.MAX_VALUE);
        assertThat(saved).isEmpty();
        next.close();
    }

    @Test
    void inAnotherParallelismNobodyKnowsWhatTheFilesHoldUntilTheyArePublished() throws Exception {
        RecoverableFsDataOutputStream before = open("a");
        before.write(1);
        ResumeRecoverable state = before.persist();
        before.close();
        published.restore(List.of(stateOf("~0/2 0:10")), TABLE, 0, 3);
        RecoverableFsDataOutputStream recovered = recover(published, state);
        published.begin(0, 30, metrics);

        checkpoint(8, Map.of(0, 40L), recovered);
        published.complete(8);
        assertThat(published.recovered()).isEqualTo(1);
        assertThat(saved).isEmpty();

        recovered.closeForCommit();
        checkpoint(9, Map.of(0, 50L));
        published.complete(9);
        assertThat(published.recovered()).isZero();
        assertThat(published.publishedTo(0)).isEqualTo(50);
    }

    @Test
    void oneTaskTakesTheLeastOfAllTasksBeforeIt() {
        FileWriterBucketState bucket = stateOf("index=HSI/date=2020-01-02");

        List<FileWriterBucketState> buckets =
                published.restore(
                        List.of(stateOf("~0/2 0:10 1:99"), bucket, stateOf("~1/2 1:20")),
                        TABLE,
                        0,
                        1);

        assertThat(buckets).containsExactly(bucket);
        published.recover(2, metrics);
        assertThat(published.recovered()).isZero();
        assertThat(published.publishedTo(0)).isEqualTo(10);
        assertThat(published.publishedTo(1)).isEqualTo(20);
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

    @Test
    void atTheEndOfTheTaskItIsKnownWhatTheLastCheckpointHolds() throws Exception {
        published.restore(List.of(), TABLE, 1, 2);
        published.begin(0, 5, metrics);
        assertThat(published.reached()).as("no checkpoint yet").isEmpty();
        RecoverableFsDataOutputStream file = open("a");
        checkpoint(7, Map.of(0, 30L), file);
        published.complete(7);
        checkpoint(8, Map.of(0, 40L), file);

        assertThat(published.reached())
                .contains(new Reached(1, 2, 7, Map.of(0, 5L), Map.of(0, 30L)));

        file.closeForCommit();
        checkpoint(9, Map.of(0, 50L));
        published.complete(9);
        assertThat(published.reached())
                .contains(new Reached(1, 2, 9, Map.of(0, 50L), Map.of(0, 50L)));
    }

    private static FileWriterBucketState stateOf(String bucket) {
        return new FileWriterBucketState(bucket, TABLE, Long.MAX_VALUE, null);
    }

    private RecoverableFsDataOutputStream recover(PublishedOffsets of, ResumeRecoverable state)
            throws IOException {
        files =
                new PartFiles(
                        FileSystem.getLocalFileSystem().createRecoverableWriter(),
                        Compression.NONE);
        RecoverableFsDataOutputStream recovered = files.recover(state);
        of.recover(files.recovered(), metrics);
        return recovered;
    }

    private RecoverableFsDataOutputStream open(String name) throws IOException {
        return files.open(new Path(folder.resolve("part-" + name + ".json").toUri()));
    }

    /** Flink asks the writer first, and then the reader. */
    private void checkpoint(long id, Map<Integer, Long> next, RecoverableFsDataOutputStream... open)
            throws IOException {
        checkpoint(published, id, next, open);
    }

    private void checkpoint(
            PublishedOffsets of,
            long id,
            Map<Integer, Long> next,
            RecoverableFsDataOutputStream... open)
            throws IOException {
        files.beginCheckpoint(id);
        for (RecoverableFsDataOutputStream file : open) {
            file.persist();
        }
        saved = of.open(id, files.oldestOpenSince(), files.recovered());
        of.read(id, next);
    }
}
