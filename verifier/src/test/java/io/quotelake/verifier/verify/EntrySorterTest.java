package io.quotelake.verifier.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EntrySorterTest {

    @Test
    void entriesOfManyTimesTheHeapComeOutInTheOrderOfTheTopic() {
        long seed = 20261120;
        SplittableRandom random = new SplittableRandom(seed);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 30_000; i++) {
            entries.add(
                    new Entry(
                            random.nextInt(5),
                            random.nextLong(10_000),
                            random.nextInt(10) > 0,
                            "place " + i,
                            "text é " + random.nextInt()));
        }

        List<Entry> sorted = new ArrayList<>();
        // 20,000 bytes are some hundred entries: enough runs for several to be merged into one.
        try (EntrySorter sorter = new EntrySorter(20_000)) {
            entries.forEach(sorter::add);
            Iterator<Entry> iterator = sorter.sorted();
            iterator.forEachRemaining(sorted::add);
        }

        assertThat(sorted)
                .as("seed %d", seed)
                .isEqualTo(entries.stream().sorted(Entry.ORDER).toList());
    }

    @Test
    void nothingComesOutWhenNothingWentIn() {
        try (EntrySorter sorter = new EntrySorter()) {
            assertThat(sorter.sorted()).isExhausted();
        }
    }
}
