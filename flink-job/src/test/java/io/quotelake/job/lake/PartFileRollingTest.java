package io.quotelake.job.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.job.quote.QuoteRow;
import java.io.IOException;
import java.time.Duration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.streaming.api.functions.sink.filesystem.PartFileInfo;
import org.junit.jupiter.api.Test;

class PartFileRollingTest {

    private static final long START = 1_000_000;
    private static final QuoteRow ROW = new QuoteRow();

    private record File(long getSize, long getLastUpdateTime) implements PartFileInfo<String> {

        @Override
        public String getBucketId() {
            return "index=HSI/date=2008-09-01";
        }

        @Override
        public long getCreationTime() {
            return START;
        }
    }

    private static PartFileRolling rolling(int intervalSeconds, int inactivitySeconds) {
        return new PartFileRolling(
                MemorySize.parse("1kb"),
                Duration.ofSeconds(intervalSeconds),
                Duration.ofSeconds(inactivitySeconds),
                Duration.ofSeconds(10));
    }

    @Test
    void aFileEndsAtItsSize() throws IOException {
        PartFileRolling.Policy policy = rolling(300, 60).toPolicy();

        assertThat(policy.shouldRollOnEvent(new File(1_023, START), ROW)).isFalse();
        assertThat(policy.shouldRollOnEvent(new File(1_024, START), ROW)).isTrue();
        assertThat(policy.shouldRollOnCheckpoint(new File(1_023, START))).isFalse();
        assertThat(policy.shouldRollOnCheckpoint(new File(1_024, START))).isTrue();
    }

    @Test
    void aFileEndsAtItsAgeOrWithoutRows() throws IOException {
        PartFileRolling.Policy policy = rolling(300, 60).toPolicy();

        long busy = START + 290_000;
        assertThat(policy.shouldRollOnProcessingTime(new File(1, busy), START + 299_999)).isFalse();
        assertThat(policy.shouldRollOnProcessingTime(new File(1, busy), START + 300_000)).isTrue();
        assertThat(policy.shouldRollOnProcessingTime(new File(1, START), START + 59_999)).isFalse();
        assertThat(policy.shouldRollOnProcessingTime(new File(1, START), START + 60_000)).isTrue();
    }

    @Test
    void filesThatLiveNoLongerThanACheckpointEndWithEachOne() throws IOException {
        assertThat(rolling(10, 60).isOnEveryCheckpoint()).isTrue();
        assertThat(rolling(11, 60).isOnEveryCheckpoint()).isFalse();
        assertThat(endsWithCheckpoint(rolling(10, 60), false)).isTrue();
        assertThat(endsWithCheckpoint(rolling(11, 60), false)).isFalse();
    }

    @Test
    void allFilesEndWithACheckpointWhenMemoryIsScarce() throws IOException {
        assertThat(endsWithCheckpoint(rolling(300, 60), true)).isTrue();
    }

    private static boolean endsWithCheckpoint(PartFileRolling rolling, boolean endAll)
            throws IOException {
        PartFileRolling.Policy policy = rolling.toPolicy();
        policy.beginCheckpoint(endAll);
        return policy.shouldRollOnCheckpoint(new File(1, START));
    }

    @Test
    void filesAreLookedAtOftenEnough() {
        assertThat(rolling(300, 60).checkInterval()).isEqualTo(Duration.ofSeconds(6));
        assertThat(rolling(2, 60).checkInterval()).isEqualTo(Duration.ofMillis(200));
        assertThat(rolling(3600, 3600).checkInterval()).isEqualTo(Duration.ofSeconds(10));
    }
}
