package io.quotelake.benchmark.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RunsTest {

    @Test
    void aRatioIsTheMedianOverPairsAndNotOfMedians() {
        Runs runs = new Runs();
        double[][] pairs = {{10, 5}, {4, 4}, {9, 3}};
        for (int round = 1; round <= pairs.length; round++) {
            runs.add("A", round, new Figures().put("rows/s", pairs[round - 1][0]));
            runs.add("B", round, new Figures().put("rows/s", pairs[round - 1][1]));
        }
        Distribution ratios = runs.ratios("A", "B", "rows/s");
        assertThat(ratios.median()).isEqualTo(2);
        assertThat(ratios.min()).isEqualTo(1);
        assertThat(ratios.max()).isEqualTo(3);
        assertThat(runs.of("A", "rows/s").orElseThrow().median()).isEqualTo(9);
        assertThat(runs.of("A", "seconds")).isEmpty();
    }

    @Test
    void theMedianOfAnEvenCountLiesBetweenTheTwoInTheMiddle() {
        assertThat(new Distribution(List.of(4, 1, 3, 2)).median()).isEqualTo(2.5);
    }

    @Test
    void aHistogramKnowsWhatSoManyOfAHundredDoNotExceed() {
        Histogram histogram = new Histogram();
        for (int millis = 1; millis <= 1_000; millis++) {
            histogram.add(millis);
        }
        assertThat(histogram.percentileSeconds(50)).isCloseTo(0.5, within(0.011));
        assertThat(histogram.percentileSeconds(99)).isCloseTo(0.99, within(0.011));
        assertThat(histogram.percentileSeconds(100)).isCloseTo(1, within(0.011));
    }

    @Test
    void aTargetIsMetAtItsBound() {
        assertThat(Target.atLeast("ratio", 1.4, 1.4).met()).isTrue();
        assertThat(Target.atLeast("ratio", 1.4, 1.39).met()).isFalse();
        assertThat(Target.atMost("ratio", 200, 200).asked()).isEqualTo("at most 200");
    }
}
