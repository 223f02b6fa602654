package io.quotelake.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PartBufferTest {
    @Test
    void aFileOfOneRowTakesHardlyMoreThanTheRow() {
        PartBuffer buffer = new PartBuffer();
        byte[] row = new byte[180];

        int growth = buffer.growthFor(row.length);
        buffer.append(row, 0, row.length);

        assertThat(growth).isBetween(180, 200);
        assertThat(buffer.growthFor(1)).as("room for the line end").isZero();
    }

    @Test
    void givesBackWhatWasWrittenAndTellsItsGrowthBeforehand() throws Exception {
        for (long seed = 1; seed <= 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            PartBuffer buffer = new PartBuffer();
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            int held = 0;
            int writes = random.nextInt(1, 200);
            for (int i = 0; i < writes; i++) {
                byte[] bytes = new byte[random.nextInt(random.nextInt(10) == 0 ? 200_000 : 400)];
                random.nextBytes(bytes);
                held += buffer.growthFor(bytes.length);
                buffer.append(bytes, 0, bytes.length);
                expected.writeBytes(bytes);

                assertThat(held)
                        .as("seed %d: allocated bytes cover the length", seed)
                        .isGreaterThanOrEqualTo(buffer.length());
            }
            assertThat(held - buffer.length())
                    .as("seed %d: unused room", seed)
                    .isLessThanOrEqualTo(PartBuffer.CHUNK_BYTES);

            assertThat(buffer.view().newInputStream().readAllBytes())
                    .as("seed %d", seed)
                    .isEqualTo(expected.toByteArray());
        }
    }

    @Test
    void aViewKeepsItsBytesWhenMoreAreAppended() throws Exception {
        PartBuffer buffer = new PartBuffer();
        buffer.append(new byte[] {1, 2, 3}, 0, 3);
        Bytes view = buffer.view();

        byte[] more = new byte[300_000];
        Arrays.fill(more, (byte) 9);
        buffer.append(more, 0, more.length);

        assertThat(view.newInputStream().readAllBytes()).containsExactly(1, 2, 3);
        assertThat(buffer.detach().length()).isEqualTo(300_003);
        assertThat(buffer.length()).isZero();
        assertThat(buffer.view().newInputStream().read()).isEqualTo(-1);
    }

    @Test
    void aStreamCanBeReadAgainFromAnyMark() throws Exception {
        PartBuffer buffer = new PartBuffer();
        byte[] bytes = new byte[200_000];
        new SplittableRandom(7).nextBytes(bytes);
        buffer.append(bytes, 0, bytes.length);

        var stream = buffer.view().newInputStream();
        stream.skipNBytes(70_000);
        stream.mark(1);
        stream.readAllBytes();
        stream.reset();

        assertThat(stream.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 70_000, 200_000));
    }
}
