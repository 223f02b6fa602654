package io.quotelake.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.core.fs.RecoverableWriter.CommitRecoverable;
import org.apache.flink.core.fs.RecoverableWriter.ResumeRecoverable;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.junit.jupiter.api.Test;

class PartFileRecoverableSerializerTest {
    /** "QLS3", kind 0, the key, and one plain chunk of five bytes. */
    private static final String SMALL_FILE =
            "514c5333" + "00" + "03612f62" + "01" + "0a" + "68656c6c6f";

    /**
     * "QLS3", kind 1, key, upload ID, 15,728,640 bytes in two parts (1 and 300), one ETag no MD5,
     * and the tail.
     */
    private static final String LARGE_FILE =
            "514c5333"
                    + "01"
                    + "03612f62"
                    + "027531"
                    + "8080c007"
                    + "02"
                    + "01"
                    + "00"
                    + "0123456789abcdef0123456789abcdef"
                    + "ac02"
                    + "01"
                    + "05782d796b7a"
                    + "01"
                    + "08"
                    + "74616c65";

    private final SimpleVersionedSerializer<CommitRecoverable> forCommit =
            PartFileRecoverableSerializer.forCommit();
    private final SimpleVersionedSerializer<ResumeRecoverable> forResume =
            PartFileRecoverableSerializer.forResume();

    private static PartFileRecoverable smallFile() {
        return PartFileRecoverable.inMemory("a/b", Bytes.of("hello".getBytes(UTF_8)));
    }

    private static PartFileRecoverable largeFile() {
        return PartFileRecoverable.multipart(
                "a/b",
                "u1",
                List.of(
                        new UploadedPart(1, "0123456789abcdef0123456789abcdef", null),
                        new UploadedPart(300, "x-ykz", null)),
                15_728_640,
                Bytes.of("tale".getBytes(UTF_8)));
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static String text(Bytes bytes) throws IOException {
        return new String(bytes.newInputStream().readAllBytes(), UTF_8);
    }

    @Test
    void theFormatOfASmallFileStaysAsItIs() throws Exception {
        assertThat(forCommit.getVersion()).isEqualTo(4);
        assertThat(forCommit.serialize(smallFile())).isEqualTo(hex(SMALL_FILE));

        PartFileRecoverable read = (PartFileRecoverable) forCommit.deserialize(4, hex(SMALL_FILE));
        assertThat(read.key()).isEqualTo("a/b");
        assertThat(read.isMultipart()).isFalse();
        assertThat(text(read.tail())).isEqualTo("hello");
    }

    @Test
    void theFormatOfALargeFileStaysAsItIs() throws Exception {
        assertThat(forResume.serialize(largeFile())).isEqualTo(hex(LARGE_FILE));

        PartFileRecoverable read = (PartFileRecoverable) forResume.deserialize(4, hex(LARGE_FILE));
        assertThat(read.uploadId()).isEqualTo("u1");
        assertThat(read.bytesInParts()).isEqualTo(15_728_640);
        assertThat(read.parts()).isEqualTo(largeFile().parts());
        assertThat(text(read.tail())).isEqualTo("tale");
    }

    /** "QLS3", kind 0, the key, and one chunk of 4,096 times "a" in a frame of 19 bytes. */
    @Test
    void theFormatOfAPackedChunkStaysAsItIs() throws Exception {
        byte[] bytes = new byte[4096];
        Arrays.fill(bytes, (byte) 'a');
        byte[] state =
                hex(
                        "514c5333"
                                + "00"
                                + "03612f62"
                                + "01"
                                + "8140"
                                + "13"
                                + "28b52ffd60000f4d00001061610100fbf70116");

        PartFileRecoverable read = (PartFileRecoverable) forCommit.deserialize(4, state);

        assertThat(read.tail().length()).isEqualTo(4096);
        assertThat(read.tail().newInputStream().readAllBytes()).isEqualTo(bytes);
        assertThat(read.tail().capacity()).isEqualTo(19);
        assertThat(forCommit.serialize(read)).isEqualTo(state);
    }

    @Test
    void theFormatOfPartsWithAChecksumStaysAsItIs() throws Exception {
        PartFileRecoverable file =
                PartFileRecoverable.multipart(
                        "a/b",
                        "u1",
                        List.of(
                                new UploadedPart(1, "0123456789abcdef0123456789abcdef", "3q2+7w=="),
                                new UploadedPart(2, "x-ykz", "AAAAAQ==")),
                        15_728_640,
                        Bytes.EMPTY);
        byte[] state =
                hex(
                        "514c5333"
                                + "01"
                                + "03612f62"
                                + "027531"
                                + "8080c007"
                                + "02"
                                + "01"
                                + "02"
                                + "0123456789abcdef0123456789abcdef"
                                + "deadbeef"
                                + "02"
                                + "03"
                                + "05782d796b7a"
                                + "00000001"
                                + "00");

        assertThat(forResume.serialize(file)).isEqualTo(state);
        assertThat(((PartFileRecoverable) forResume.deserialize(4, state)).parts())
                .isEqualTo(file.parts());
    }

    /** What the plugin wrote that came before this writer: bytes as today's, without checksums. */
    @Test
    void readsStateFromBeforePartsHadAChecksum() throws Exception {
        PartFileRecoverable small = (PartFileRecoverable) forCommit.deserialize(3, hex(SMALL_FILE));
        PartFileRecoverable large = (PartFileRecoverable) forResume.deserialize(3, hex(LARGE_FILE));

        assertThat(text(small.tail())).isEqualTo("hello");
        assertThat(large.parts()).isEqualTo(largeFile().parts());
        assertThat(text(large.tail())).isEqualTo("tale");
    }

    @Test
    void readsStateFromBeforeBytesWerePacked() throws Exception {
        byte[] state = hex("514c5333" + "00" + "03612f62" + "0568656c6c6f");

        PartFileRecoverable read = (PartFileRecoverable) forCommit.deserialize(2, state);

        assertThat(read.key()).isEqualTo("a/b");
        assertThat(text(read.tail())).isEqualTo("hello");
    }

    @Test
    void anOpenFileGivesItsBytesToTheStateOnceAndTheCleanUpCopyHasNone() throws Exception {
        PartFileRecoverable file = smallFile();
        forResume.serialize(file);

        byte[] cleanUpCopy = forResume.serialize(file);

        assertThat(cleanUpCopy).isEqualTo(hex("514c5333" + "02" + "03612f62" + "00"));
        assertThat(((PartFileRecoverable) forResume.deserialize(4, cleanUpCopy)).tail()).isNull();
    }

    @Test
    void aFinishedFileKeepsItsBytesHoweverOftenItIsWritten() throws Exception {
        PartFileRecoverable file = smallFile();
        forCommit.serialize(file);

        assertThat(forCommit.serialize(file)).isEqualTo(hex(SMALL_FILE));
    }

    /** Whoever resumes a file looks at its suffix; Flink's own handles tell it in this way only. */
    @Test
    void aHandleTellsTheNameOfItsFile() throws Exception {
        assertThat(forCommit.deserialize(4, hex(SMALL_FILE)).toString()).endsWith("a/b");
    }

    @Test
    void readsStateOfTheStockPlugin() throws Exception {
        byte[] state =
                hex(
                        "32147698"
                                + "03000000612f62"
                                + "020000007531"
                                + "01000000"
                                + "01000000"
                                + "0500000078"
                                + "2d796b7a"
                                + "0000500000000000"
                                + "01000000"
                                + "74"
                                + "0900000000000000");

        PartFileRecoverable read = (PartFileRecoverable) forResume.deserialize(1, state);

        assertThat(read.key()).isEqualTo("a/b");
        assertThat(read.uploadId()).isEqualTo("u1");
        assertThat(read.parts()).containsExactly(new UploadedPart(1, "x-ykz", null));
        assertThat(read.bytesInParts()).isEqualTo(5 * 1024 * 1024);
        assertThat(read.tailObject()).isEqualTo("t");
    }

    @Test
    void refusesAVersionItDoesNotKnowByName() {
        assertThatThrownBy(() -> forCommit.deserialize(5, hex(SMALL_FILE)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("version 5")
                .hasMessageContaining("reads version 1 (flink-s3-fs-hadoop) to 4");
    }

    @Test
    void refusesEveryTruncatedOrPrependedState() {
        byte[] whole = hex(LARGE_FILE);
        for (int length = 0; length < whole.length; length++) {
            byte[] truncated = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> forResume.deserialize(4, truncated))
                    .as("first %d bytes", length)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Corrupt state");
        }
        assertThatThrownBy(() -> forResume.deserialize(4, Arrays.copyOf(whole, whole.length + 1)))
                .hasMessageContaining("1 bytes too many");
        assertThatThrownBy(() -> forResume.deserialize(4, hex("00" + LARGE_FILE)))
                .hasMessageContaining("begins with 00514c53");
    }
}
