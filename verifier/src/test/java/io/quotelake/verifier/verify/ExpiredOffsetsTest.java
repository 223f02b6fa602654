package io.quotelake.verifier.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.verifier.verify.ExpiredOffsets.Hole;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ExpiredOffsetsTest {
    private final ExpiredOffsets offsets = new ExpiredOffsets(0);

    @Test
    void whatWasWrittenUpToTheFirstRetainedOffsetHasNoHole() {
        written(0, 100);
        retained(100, 200);

        assertThat(offsets.holes(100, true)).isEmpty();
    }

    @Test
    void offsetsBetweenTheLastWrittenAndTheFirstRetainedAreLost() {
        written(0, 100);
        retained(150, 200);

        assertThat(offsets.holes(150, true)).containsExactly(new Hole(100, 149, true));
    }

    @Test
    void theyAreLostAlsoWhereTheTopicRetainsNothing() {
        written(0, 100);

        assertThat(offsets.holes(200, true)).containsExactly(new Hole(100, 199, true));
    }

    @Test
    void aHoleThatHasExpiredLongAgoIsLostWhereEachOffsetIsARecord() {
        written(0, 100);
        written(150, 180);
        retained(180, 200);

        assertThat(offsets.holes(180, true)).containsExactly(new Hole(100, 149, true));
    }

    @Test
    void whereOffsetsAreMarkersOfTransactionsSingleHolesAreThose() {
        written(0, 9);
        written(10, 19);
        retained(20, 29);
        retained(30, 39);

        assertThat(offsets.holes(20, true)).containsExactly(new Hole(19, 19, false));
    }

    @Test
    void whereTransactionsMayHaveBeenAbortedOnlyTheHoleAtTheEndIsSaidToBeLost() {
        written(0, 9);
        written(15, 19);
        retained(30, 39);
        retained(40, 49);

        assertThat(offsets.holes(30, true))
                .containsExactly(new Hole(9, 14, false), new Hole(19, 29, true));
    }

    @Test
    void beforeTheFirstRowNothingIsKnown() {
        written(70, 100);
        retained(100, 200);

        assertThat(offsets.holes(100, true)).isEmpty();
        assertThat(new ExpiredOffsets(1).holes(50, true)).isEmpty();
    }

    @Test
    void compactionOrExpiredDeadLettersExplainAnyHole() {
        written(0, 100);
        retained(150, 200);

        assertThat(offsets.holes(150, false)).containsExactly(new Hole(100, 149, false));
    }

    @Test
    void anOffsetThatIsThereTwiceIsNoHole() {
        written(0, 100);
        offsets.add(99);
        retained(100, 200);

        assertThat(offsets.holes(100, true)).isEmpty();
    }

    private void written(long from, long to) {
        LongStream.range(from, to).forEach(offsets::add);
    }

    private void retained(long from, long to) {
        LongStream.range(from, to).forEach(offsets::addRetained);
    }
}
