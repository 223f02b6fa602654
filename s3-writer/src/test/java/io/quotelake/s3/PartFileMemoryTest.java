package io.quotelake.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class PartFileMemoryTest {
    private final PartFileMemory memory = new PartFileMemory(1000);

    @Test
    void refusesWhatGoesBeyondTheBoundAndKeepsItsCount() {
        assertThat(memory.tryHold(1000)).isTrue();
        assertThat(memory.tryHold(1)).isFalse();
        assertThat(memory.heldBytes()).isEqualTo(1000);
    }

    @Test
    void fillsWithBytesNotWithWhatCountsBesideThem() {
        PartFileMemory large = new PartFileMemory(100_000);
        for (int i = 0; i < 100; i++) {
            large.hold(PartFileMemory.OVERHEAD_BYTES);
            large.fileOpened();
        }
        assertThat(large.isFilling()).isFalse();
        large.hold(4_000);
        assertThat(large.isScarce()).isTrue();
        assertThat(large.isFilling()).isFalse();

        large.hold(50_000);

        assertThat(large.isFilling()).isTrue();
    }

    @Test
    void waitsForUploadsUnderWayAndForNothingElse() throws Exception {
        memory.hold(1000);
        assertThat(memory.holdWhenUploadsEnd(10)).as("nothing is under way").isFalse();

        memory.uploadStarted();
        CompletableFuture<Boolean> waiting =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return memory.holdWhenUploadsEnd(10);
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        memory.uploadEnded(500);

        assertThat(waiting.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(memory.heldBytes()).isEqualTo(510);
    }

    @Test
    void anUncommittedFileThatAFailedTaskDroppedStopsCounting() throws Exception {
        memory.hold(1000);
        dropUncommittedFileOf(1000);

        assertThat(memory.holdWhenUploadsEnd(400)).isTrue();

        Awaitility.await().untilAsserted(() -> assertThat(memory.heldBytes()).isEqualTo(400));
    }

    private void dropUncommittedFileOf(long bytes) {
        PartFileRecoverable file = PartFileRecoverable.inMemory("a", Bytes.EMPTY);
        file.countUntilCommitted(memory, bytes);
    }
}
