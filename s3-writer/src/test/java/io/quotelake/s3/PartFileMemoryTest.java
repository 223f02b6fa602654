package io.quotelake.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PartFileMemoryTest {
    private final PartFileMemory memory = new PartFileMemory(1000);

    @Test
    void refusesWhatGoesBeyondTheBoundAndKeepsItsCount() {
        assertThat(memory.tryOpen(1000)).isNotNull();
        assertThat(memory.tryOpen(1)).isNull();
        assertThat(memory.heldBytes()).isEqualTo(1000);
    }

    @Test
    void fillsWithBytesNotWithWhatCountsBesideThem() {
        PartFileMemory large = new PartFileMemory(100_000);
        for (int i = 0; i < 100; i++) {
            large.open(PartFileMemory.OVERHEAD_BYTES);
            large.fileOpened();
        }
        assertThat(large.heldBytes()).isGreaterThan(50_000);
        assertThat(large.isFilling()).isFalse();

        large.open(50_000);

        assertThat(large.isFilling()).isTrue();
    }

    @Test
    void whateverPausesReadingEndsFilesWithTheNextCheckpoint() {
        PartFileMemory small = new PartFileMemory(100_000);
        while (!small.isScarce()) {
            small.open(PartFileMemory.OVERHEAD_BYTES);
            small.fileOpened();
        }

        assertThat(small.isFilling()).isTrue();
    }

    @Test
    void waitsForUploadsUnderWayAndForNothingElse() throws Exception {
        PartFileMemory.Entry file = memory.open(1000);
        PartFileMemory.Entry other = memory.open(0);
        assertThat(other.growWhenUploadsEnd(10)).as("nothing is under way").isFalse();

        PartFileMemory.Entry part = file.moveToUpload(500);
        CompletableFuture<Boolean> waiting =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return other.growWhenUploadsEnd(10);
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        part.close();

        assertThat(waiting.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(memory.heldBytes()).isEqualTo(510);
    }

    @Test
    void anEntryGivesBackWhatItHoldsOnce() {
        PartFileMemory.Entry entry = memory.open(300);
        entry.resize(200);
        assertThat(entry.tryGrow(100)).isTrue();
        assertThat(entry.tryGrow(701)).isFalse();
        assertThat(memory.heldBytes()).isEqualTo(300);

        entry.close();
        entry.close();

        assertThat(memory.heldBytes()).isZero();
        assertThatThrownBy(() -> entry.tryGrow(1)).isInstanceOf(IllegalStateException.class);
    }
}
