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

                assertThat(buffer.capacity()).as("seed %d", seed).isEqualTo(held);
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
    void givesBackWhatWasWrittenHoweverOftenItIsPackedAndHandedOn() throws Exception {
        for (long seed = 1; seed <= 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            PartBuffer buffer = new PartBuffer();
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            for (int i = random.nextInt(1, 200); i > 0; i--) {
                byte[] row = row(random, random.nextInt(10) == 0 ? 200_000 : 400);
                buffer.append(row, 0, row.length);
                expected.writeBytes(row);
                if (random.nextInt(10) == 0) {
                    int before = buffer.capacity();
                    buffer.pack();
                    assertThat(buffer.capacity()).as("seed %d", seed).isLessThanOrEqualTo(before);
                }
                if (random.nextInt(20) == 0) {
                    Bytes soFar = buffer.view();
                    buffer = new PartBuffer();
                    buffer.append(soFar);
                    assertThat(buffer.capacity()).as("seed %d", seed).isEqualTo(soFar.capacity());
                }
            }

            assertThat(buffer.length()).as("seed %d", seed).isEqualTo(expected.size());
            assertThat(buffer.view().newInputStream().readAllBytes())
                    .as("seed %d", seed)
                    .isEqualTo(expected.toByteArray());
        }
    }

    private static byte[] row(SplittableRandom random, int maxLength) {
        byte[] row = new byte[random.nextInt(maxLength)];
        for (int i = 0; i < row.length; i++) {
            row[i] = (byte) "{\"index\":\"NYA\",\"close\":1234.5}".charAt(i % 30);
        }
        return row;
    }

    @Test
    void packedRowsTakeAQuarterOfTheirBytesOrLess() {
        PartBuffer buffer = new PartBuffer();
        byte[] rows = row(new SplittableRandom(1), 100_000);
        buffer.append(rows, 0, rows.length);

        buffer.pack();

        assertThat(buffer.capacity()).isLessThan(rows.length / 4);
        assertThat(buffer.packableLength()).isZero();
    }

    @Test
    void bytesThatDoNotShrinkStayAsTheyAre() throws Exception {
        PartBuffer buffer = new PartBuffer();
        byte[] noise = new byte[100_000];
        new SplittableRandom(3).nextBytes(noise);
        buffer.append(noise, 0, noise.length);
        int capacity = buffer.capacity();

        buffer.pack();

        assertThat(buffer.capacity()).isEqualTo(capacity);
        assertThat(buffer.view().chunks()).noneMatch(Chunk::isPacked);
        buffer.append(noise, 0, noise.length);
        assertThat(buffer.packableLength()).as("not tried again").isZero();
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
        Arrays.fill(bytes, 0, 100_000, (byte) 1);
        buffer.append(bytes, 0, bytes.length);
        for (boolean packed : new boolean[] {false, true}) {
            if (packed) {
                buffer.pack();
            }
            for (int mark : new int[] {0, 70_000, 65_536, 131_073, 200_000}) {
                var stream = buffer.view().newInputStream();
                stream.skipNBytes(mark);
                stream.mark(1);
                stream.readAllBytes();
                stream.reset();

                assertThat(stream.readAllBytes())
                        .as("from %d, packed: %s", mark, packed)
                        .isEqualTo(Arrays.copyOfRange(bytes, mark, 200_000));
            }
        }
    }
}
