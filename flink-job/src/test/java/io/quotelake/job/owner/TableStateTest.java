package io.quotelake.job.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quotelake.job.task.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.flink.connector.file.sink.FileSinkCommittable;
import org.apache.flink.connector.file.sink.writer.FileWriterBucketState;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.functions.sink.filesystem.InProgressFileWriter.PendingFileRecoverable;
import org.junit.jupiter.api.Test;

/** What a task's state says of its table. */
class TableStateTest {

    private static final String TABLE = "s3://bucket/table";
    private static final String DAY = "index=HSI/date=1986-12-31";

    private static Run run(String table, String granularity) {
        return new Run("token", table, granularity, "topic", null, false);
    }

    private static TableState restoredFrom(long checkpoint) {
        return new TableState(run(TABLE, "day"), 0, OptionalLong.of(checkpoint));
    }

    private static FileWriterBucketState bucket(String table, String folder) {
        return new FileWriterBucketState(folder, new Path(table, folder), 0, null);
    }

    private record Pending(Path getPath, long getSize) implements PendingFileRecoverable {}

    private static Stamp stampOf(TableState state) {
        FileSinkCommittable file = new FileSinkCommittable(DAY, new Pending(new Path("f"), 1));
        return Stamp.parse(state.stamp(List.of(file)).get(0).getBucketId());
    }

    @Test
    void aStateNamesItsRunAndGivesTheBucketsBack() {
        TableState writer = new TableState(run(TABLE, "day"), 0, OptionalLong.empty());
        FileWriterBucketState bucket = bucket(TABLE, DAY);
        List<FileWriterBucketState> buckets = new ArrayList<>();

        SavedState from = restoredFrom(7).restore(List.of(bucket, writer.save(7)), buckets);

        assertThat(from).isEqualTo(new SavedState("token", 7));
        assertThat(buckets).containsExactly(bucket);
    }

    @Test
    void withoutItThePartIsUntoldAndWithoutAnyStateNone() {
        TableState anew = new TableState(run(TABLE, "day"), 0, OptionalLong.empty());

        assertThat(restoredFrom(7).restore(List.of(), new ArrayList<>()))
                .isEqualTo(SavedState.untold(7));
        assertThat(anew.restore(List.of(), new ArrayList<>())).isEqualTo(SavedState.NONE);
    }

    @Test
    void anotherTableIsRefusedInStateOfThisVersionAndOfEarlierOnes() {
        TableState elsewhere = new TableState(run("s3://bucket/b", "day"), 0, OptionalLong.empty());

        for (FileWriterBucketState state :
                List.of(elsewhere.save(7), bucket("s3://bucket/b", DAY))) {
            assertThatThrownBy(() -> restoredFrom(7).restore(List.of(state), new ArrayList<>()))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining(
                            "--output s3://bucket/table is not the table of the state to resume,"
                                    + " which is s3://bucket/b:");
        }
    }

    @Test
    void anotherGranularityIsRefusedInStateOfThisVersionAndOfEarlierOnes() {
        TableState months = new TableState(run(TABLE, "month"), 0, OptionalLong.empty());

        for (FileWriterBucketState state :
                List.of(months.save(7), bucket(TABLE, "index=HSI/date=1986-12"))) {
            assertThatThrownBy(() -> restoredFrom(7).restore(List.of(state), new ArrayList<>()))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("--date-granularity day is not that of " + TABLE)
                    .hasMessageContaining("hold a month each");
        }
    }

    @Test
    void noTwoRoundsHaveOneStampAlsoWhereACheckpointFailedInBetween() {
        TableState state = restoredFrom(7);

        Stamp first = stampOf(state);
        state.save(9);
        Stamp second = stampOf(state);
        Stamp third = stampOf(state);

        assertThat(List.of(first, second, third))
                .extracting(Stamp::checkpoint)
                .containsExactly(8L, 10L, 11L);
    }
}
