package io.quotelake.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.UnixOperatingSystemMXBean;
import io.quotelake.local.s3.S3Fault;
import io.quotelake.local.s3.S3FaultProxy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream.Committer;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.core.fs.RecoverableWriter.ResumeRecoverable;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.apache.flink.fs.s3hadoop.S3FileSystemFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The recoverable writer through Flink's file system interface, against a real S3 server that may
 * fail.
 */
class PartFileWriterTest {
    private static final int MIB = 1024 * 1024;

    @TempDir static Path directory;

    private static S3Server server;
    private static S3FaultProxy front;
    private static final Queue<String> HEADS = new ConcurrentLinkedQueue<>();

    private PartFileWriter writer;
    private String folder;

    @BeforeAll
    static void start() throws Exception {
        server = new S3Server(directory);
        front = S3FaultProxy.start(URI.create("http://127.0.0.1:" + server.port()), 0);
        front.listen(HEADS::add);
    }

    @AfterAll
    static void stop() throws Exception {
        front.close();
        server.close();
    }

    @BeforeEach
    void openWriter(TestInfo test) throws Exception {
        folder = test.getTestMethod().orElseThrow().getName() + "-" + System.nanoTime();
        writer = writer(configuration());
    }

    /** However a test has ended, and whatever its files were at: nothing counts any more. */
    @AfterEach
    void closeWriter() {
        writer.close();

        Awaitility.await()
                .untilAsserted(() -> assertThat(PartFileMemory.PROCESS.heldBytes()).isZero());
        assertThat(PartFileMemory.PROCESS.openFiles()).isZero();
    }

    private static Configuration configuration() {
        return S3Server.configuration(front.uri().getPort());
    }

    private static PartFileWriter writer(Configuration configuration) {
        return writer(S3Server.BUCKET, S3Server.settings(configuration));
    }

    private static PartFileWriter writer(String bucket, S3Settings settings) {
        return PartFileWriter.open(
                URI.create("s3://" + bucket + "/table"), S3Connection.share(settings));
    }

    /** First line and headers of all requests that have this in them. */
    private static List<String> heads(String part) {
        return HEADS.stream().filter(head -> head.contains(part)).toList();
    }

    private void reopenWriter(Configuration configuration) {
        writer.close();
        writer = writer(configuration);
    }

    private RecoverableFsDataOutputStream open(String name) throws IOException {
        return writer.open(path(name));
    }

    private org.apache.flink.core.fs.Path path(String name) {
        return new org.apache.flink.core.fs.Path("s3://" + S3Server.BUCKET + "/" + key(name));
    }

    private String key(String name) {
        return folder + "/" + name;
    }

    /** What a checkpoint does with an open file, and a restore in a new process. */
    private byte[] checkpoint(RecoverableFsDataOutputStream file) throws IOException {
        return SimpleVersionedSerialization.writeVersionAndSerialize(
                writer.getResumeRecoverableSerializer(), file.persist());
    }

    private RecoverableFsDataOutputStream restore(byte[] state) throws IOException {
        ResumeRecoverable handle =
                SimpleVersionedSerialization.readVersionAndDeSerialize(
                        writer.getResumeRecoverableSerializer(), state);
        return writer.recover(handle);
    }

    private Committer throughState(Committer committer) throws IOException {
        byte[] state =
                SimpleVersionedSerialization.writeVersionAndSerialize(
                        writer.getCommitRecoverableSerializer(), committer.getRecoverable());
        return writer.recoverForCommit(
                SimpleVersionedSerialization.readVersionAndDeSerialize(
                        writer.getCommitRecoverableSerializer(), state));
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] concat(byte[]... arrays) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] array : arrays) {
            all.writeBytes(array);
        }
        return all.toByteArray();
    }

    private static Map<String, Long> requestsSince(Map<String, Long> before) throws Exception {
        Map<String, Long> now = server.requests();
        before.forEach((operation, count) -> now.merge(operation, -count, Long::sum));
        now.values().removeIf(count -> count == 0);
        return now;
    }

    private static long openDescriptors() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getOpenFileDescriptorCount();
    }

    @Nested
    class SmallFiles {
        @Test
        void areOnePutAtTheirCommitAndNothingBefore() throws Exception {
            Map<String, Long> before = server.requests();
            RecoverableFsDataOutputStream file = open("part-0.json");
            file.write("one\n".getBytes(UTF_8));
            byte[] firstCheckpoint = checkpoint(file);
            file.write("two\n".getBytes(UTF_8));
            checkpoint(file);
            Committer committer = file.closeForCommit();
            assertThat(requestsSince(before)).isEmpty();
            assertThat(server.objects(folder)).isEmpty();

            committer.commit();

            assertThat(requestsSince(before)).isEqualTo(Map.of("PutObject", 1L));
            assertThat(server.read(key("part-0.json"))).asString(UTF_8).isEqualTo("one\ntwo\n");
            assertThat(firstCheckpoint.length).as("bytes of state").isLessThan(100);
        }

        @Test
        void areResumedFromTheCheckpointAlone() throws Exception {
            RecoverableFsDataOutputStream file = open("part-0.json");
            file.write("kept\n".getBytes(UTF_8));
            byte[] state = checkpoint(file);
            file.write("after the checkpoint\n".getBytes(UTF_8));
            file.close();

            RecoverableFsDataOutputStream resumed = restore(state);
            assertThat(resumed.getPos()).isEqualTo(5);
            resumed.write("again\n".getBytes(UTF_8));
            throughState(resumed.closeForCommit()).commitAfterRecovery();

            assertThat(server.read(key("part-0.json"))).asString(UTF_8).isEqualTo("kept\nagain\n");
        }

        @Test
        void areCommittedAsOftenAsAsked() throws Exception {
            RecoverableFsDataOutputStream file = open("part-0.json");
            file.write("row\n".getBytes(UTF_8));
            Committer committer = file.closeForCommit();

            committer.commit();
            throughState(committer).commitAfterRecovery();

            assertThat(server.objects(folder)).containsExactly(key("part-0.json"));
            assertThat(server.read(key("part-0.json"))).asString(UTF_8).isEqualTo("row\n");
        }

        @Test
        void costNoDescriptorNoThreadNoRequestWhileOpen() throws Exception {
            int count = 50_000;
            byte[] row = random(180, 1);
            Map<String, Long> before = server.requests();
            long descriptors = openDescriptors();
            int threads = Thread.activeCount();
            long openBefore = writer.memory().openFiles();
            long heldBefore = writer.memory().heldBytes();

            List<RecoverableFsDataOutputStream> files = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                RecoverableFsDataOutputStream file = open("part-" + i + ".json");
                file.write(row);
                files.add(file);
            }

            assertThat(requestsSince(before)).isEmpty();
            assertThat(openDescriptors() - descriptors).isLessThan(20);
            assertThat(Thread.activeCount() - threads).isLessThan(20);
            assertThat(writer.memory().openFiles() - openBefore).isEqualTo(count);
            assertThat((writer.memory().heldBytes() - heldBefore) / count)
                    .isBetween(720L + 2 * 180, 720L + 2 * 200);
            for (RecoverableFsDataOutputStream file : files) {
                file.close();
            }
            assertThat(writer.memory().heldBytes()).isEqualTo(heldBefore);
            assertThat(writer.memory().openFiles()).isEqualTo(openBefore);
        }
    }

    @Nested
    class LargeFiles {
        @Test
        void goUpInPartsAndAreInvisibleUntilTheCommit() throws Exception {
            byte[] bytes = random(12 * MIB + 17, 2);
            Map<String, Long> before = server.requests();
            RecoverableFsDataOutputStream file = open("part-0.json");
            file.write(bytes);
            Committer committer = file.closeForCommit();
            assertThat(server.objects(folder)).isEmpty();

            committer.commit();

            assertThat(requestsSince(before))
                    .isEqualTo(
                            Map.of(
                                    "CreateMultipartUpload", 1L,
                                    "UploadPart", 3L,
                                    "CompleteMultipartUpload", 1L));
            assertThat(server.read(key("part-0.json"))).isEqualTo(bytes);
        }

        @Test
        void goOnFromTheCheckpointWithTheirTail() throws Exception {
            byte[] first = random(7 * MIB, 3);
            byte[] second = random(6 * MIB, 4);
            RecoverableFsDataOutputStream file = open("part-0.json");
            file.write(first);
            byte[] state = checkpoint(file);
            assertThat(state.length)
                    .as("the tail is in the state")
                    .isBetween(2 * MIB, 2 * MIB + 300);

            RecoverableFsDataOutputStream resumed = restore(state);
            assertThat(resumed.getPos()).isEqualTo(first.length);
            resumed.write(second);
            throughState(resumed.closeForCommit()).commitAfterRecovery();

            assertThat(server.read(key("part-0.json"))).isEqualTo(concat(first, second));
        }

        @Test
        void areNotSpoiltByAStoppedProcessThatWakesUpLate() throws Exception {
            byte[] kept = random(6 * MIB, 5);
            byte[] rest = random(11 * MIB, 6);
            byte[] late = random(16 * MIB, 7);
            RecoverableFsDataOutputStream stopped = open("part-0.json");
            stopped.write(kept);
            byte[] state = checkpoint(stopped);
            stopped.write(random(6 * MIB, 8));

            RecoverableFsDataOutputStream successor = restore(state);
            successor.write(rest);
            Committer committer = successor.closeForCommit();
            stopped.write(late);
            stopped.persist();
            stopped.close();
            committer.commit();

            assertThat(server.read(key("part-0.json"))).isEqualTo(concat(kept, rest));
        }

        @Test
        void areClosedAlsoWhereLostAttemptsHaveUsedUpThePartNumbers() throws Exception {
            byte[] bytes = random(6 * MIB, 22);
            RecoverableFsDataOutputStream file = open("part-0.json");
            file.write(bytes);
            byte[] state = checkpoint(file);
            PartFileRecoverable handle =
                    (PartFileRecoverable)
                            SimpleVersionedSerialization.readVersionAndDeSerialize(
                                    writer.getResumeRecoverableSerializer(), state);
            try (S3Connection connection = S3Connection.share(S3Server.settings(configuration()))) {
                new S3Bucket(connection, S3Server.BUCKET)
                        .uploadPart(
                                handle.key(),
                                handle.uploadId(),
                                MultipartUpload.MAX_PART_NUMBER,
                                Bytes.of(random(100, 23)),
                                false);
            }

            restore(state).closeForCommit().commit();

            assertThat(server.read(key("part-0.json"))).isEqualTo(bytes);
        }

        @Test
        void areCommittedAsOftenAsAsked() throws Exception {
            RecoverableFsDataOutputStream file = open("part-0.json");
            byte[] bytes = random(6 * MIB, 9);
            file.write(bytes);
            Committer committer = file.closeForCommit();
            committer.commit();

            throughState(committer).commitAfterRecovery();

            assertThat(server.read(key("part-0.json"))).isEqualTo(bytes);
        }

        @Test
        void areAbortedWhenDiscardedBeforeAnyCheckpoint() throws Exception {
            Map<String, Long> before = server.requests();
            RecoverableFsDataOutputStream file = open("part-0.json");
            file.write(random(6 * MIB, 10));
            file.close();

            Awaitility.await()
                    .untilAsserted(
                            () ->
                                    assertThat(requestsSince(before))
                                            .containsEntry("AbortMultipartUpload", 1L));
        }

        @Test
        void sayWhatIsGoneWhenTheirUploadWasAborted() throws Exception {
            RecoverableFsDataOutputStream file = open("part-0.json");
            file.write(random(6 * MIB, 11));
            byte[] state = checkpoint(file);
            abortBehindItsBack(state);

            assertThatThrownBy(() -> restore(state))
                    .hasMessageContaining(
                            "The first 5,242,880 bytes of s3://lake/" + key("part-0.json"))
                    .hasMessageContaining("with 1 parts")
                    .hasMessageContaining("AbortIncompleteMultipartUpload");
            Committer committer = file.closeForCommit();
            assertThatThrownBy(committer::commit)
                    .hasMessageContaining("bytes of s3://lake/" + key("part-0.json") + " are gone");
        }

        private void abortBehindItsBack(byte[] state) throws IOException {
            PartFileRecoverable handle =
                    (PartFileRecoverable)
                            SimpleVersionedSerialization.readVersionAndDeSerialize(
                                    writer.getResumeRecoverableSerializer(), state);
            try (S3Connection connection = S3Connection.share(S3Server.settings(configuration()))) {
                new S3Bucket(connection, S3Server.BUCKET)
                        .abortUpload(handle.key(), handle.uploadId());
            }
        }

        @Test
        void ofTheStockPluginAreResumedFromItsState() throws Exception {
            byte[] first = random(6 * MIB, 12);
            byte[] second = random(MIB, 13);
            S3FileSystemFactory stockFactory = new S3FileSystemFactory();
            stockFactory.configure(configuration());
            RecoverableWriter stock =
                    stockFactory
                            .create(URI.create("s3://" + S3Server.BUCKET + "/"))
                            .createRecoverableWriter();
            RecoverableFsDataOutputStream stockFile = stock.open(path("part-0.json"));
            stockFile.write(first);
            byte[] state =
                    SimpleVersionedSerialization.writeVersionAndSerialize(
                            stock.getResumeRecoverableSerializer(), stockFile.persist());

            RecoverableFsDataOutputStream resumed = restore(state);
            resumed.write(second);
            resumed.closeForCommit().commit();

            assertThat(server.read(key("part-0.json"))).isEqualTo(concat(first, second));
        }
    }

    @Nested
    class Checksums {
        @Test
        void goToAwsWithEachObjectAndEachPart() throws Exception {
            writer.close();
            writer = writer(S3Server.BUCKET, S3Server.settings(configuration(), true));
            RecoverableFsDataOutputStream small = open("small.json");
            small.write("123456789".getBytes(UTF_8));
            small.closeForCommit().commit();
            RecoverableFsDataOutputStream large = open("large.json");
            large.write(random(6 * MIB, 20));
            byte[] state = checkpoint(large);
            large.close();
            throughState(restore(state).closeForCommit()).commit();

            assertThat(heads(key("small.json")))
                    .singleElement()
                    .asString()
                    // The check value of CRC-32 is cbf43926.
                    .containsIgnoringCase("\r\nx-amz-checksum-crc32: y/Q5Jg==\r\n")
                    .doesNotContainIgnoringCase("aws-chunked");
            assertThat(heads(key("large.json")))
                    .filteredOn(head -> head.startsWith("PUT "))
                    .hasSize(2)
                    .allMatch(head -> head.toLowerCase().contains("\r\nx-amz-checksum-crc32: "));
            assertThat(heads(key("large.json")))
                    .filteredOn(head -> head.startsWith("POST ") && head.contains("?uploads"))
                    .allMatch(
                            head ->
                                    head.toLowerCase()
                                            .contains("x-amz-checksum-algorithm: crc32\r\n"));
        }

        @Test
        void goToNoOtherStore() throws Exception {
            RecoverableFsDataOutputStream file = open("part-0.json");
            file.write(random(6 * MIB, 21));
            file.closeForCommit().commit();

            assertThat(heads(key("part-0.json")))
                    .isNotEmpty()
                    .noneMatch(head -> head.toLowerCase().contains("checksum"))
                    .noneMatch(head -> head.toLowerCase().contains("content-md5"));
        }
    }

    @Nested
    class MemoryBound {
        @Test
        void endsInASentenceThatNamesTheSettings() throws Exception {
            Configuration configuration = configuration();
            configuration.setString("s3.writer.max-buffered-bytes", "100kb");
            reopenWriter(configuration);
            List<RecoverableFsDataOutputStream> files = new ArrayList<>();

            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 1000; i++) {
                                    RecoverableFsDataOutputStream file =
                                            open("part-" + i + ".json");
                                    files.add(file);
                                    file.write(random(180, i));
                                }
                            })
                    .isInstanceOf(BufferedBytesExceededException.class)
                    .hasMessageContaining("s3.writer.max-buffered-bytes (102400 bytes)")
                    .hasMessageContaining("execution.checkpointing.interval")
                    .hasMessageContaining("--date-granularity")
                    .hasMessageContaining("taskmanager.memory.process.size");
            assertThat(files.size()).isBetween(85, 105);
            for (RecoverableFsDataOutputStream file : files) {
                file.close();
            }
        }

        @Test
        void sendsFilesWithAWholePartToS3BeforeItFails() throws Exception {
            Configuration configuration = configuration();
            configuration.setString("s3.upload.min.part.size", String.valueOf(64 * MIB));
            configuration.setString("s3.writer.max-buffered-bytes", "24mb");
            reopenWriter(configuration);
            byte[] bytes = random(30 * MIB, 14);
            Map<String, Long> before = server.requests();

            RecoverableFsDataOutputStream file = open("part-0.json");
            for (int offset = 0; offset < bytes.length; offset += 1000) {
                file.write(bytes, offset, Math.min(1000, bytes.length - offset));
            }
            file.closeForCommit().commit();

            assertThat(requestsSince(before).get("UploadPart")).isBetween(2L, 6L);
            assertThat(server.read(key("part-0.json"))).isEqualTo(bytes);
        }

        @Test
        void holdsRowsPackedThatWouldNotFitAsTheyAre() throws Exception {
            Configuration configuration = configuration();
            configuration.setString("s3.writer.max-buffered-bytes", "24mb");
            reopenWriter(configuration);
            List<RecoverableFsDataOutputStream> files = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                files.add(open("part-" + i + ".json"));
            }
            int rows = 2_000;
            for (int row = 0; row < rows; row++) {
                for (int i = 0; i < files.size(); i++) {
                    files.get(i).write(row(i, row));
                }
            }
            assertThat(writer.memory().heldBytes()).isLessThan(18L * MIB);
            Map<String, Long> before = server.requests();

            byte[] state = checkpoint(files.get(0));
            files.get(0).close();
            files.set(0, restore(state));
            for (RecoverableFsDataOutputStream file : files) {
                throughState(file.closeForCommit()).commit();
            }

            assertThat(state.length).isLessThan(rows * row(0, 0).length / 4);
            assertThat(requestsSince(before)).isEqualTo(Map.of("PutObject", 200L));
            for (int i = 0; i < files.size(); i += 50) {
                ByteArrayOutputStream expected = new ByteArrayOutputStream();
                for (int row = 0; row < rows; row++) {
                    expected.writeBytes(row(i, row));
                }
                assertThat(server.read(key("part-" + i + ".json")))
                        .isEqualTo(expected.toByteArray());
            }
        }

        private static byte[] row(int file, int row) {
            return String.format(
                            Locale.ROOT,
                            "{\"index\":\"NYA\",\"date\":\"2020-01-02\",\"close\":%d.%04d,\"volume\":%d}%n",
                            12_000 + file,
                            row,
                            row * 7919L)
                    .getBytes(UTF_8);
        }

        @Test
        void sendsFinishedFilesOfSomeSizeToS3WhenTheyWouldFillIt() throws Exception {
            Configuration configuration = configuration();
            configuration.setString("s3.writer.max-buffered-bytes", "24mb");
            reopenWriter(configuration);
            byte[] bytes = random(3 * MIB, 15);
            Map<String, Long> before = server.requests();

            List<Committer> committers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                RecoverableFsDataOutputStream file = open("part-" + i + ".json");
                file.write(bytes);
                committers.add(file.closeForCommit());
            }
            assertThat(writer.memory().heldBytes()).isLessThan(24L * MIB);
            for (Committer committer : committers) {
                committer.commit();
            }

            assertThat(requestsSince(before).get("PutObject")).isBetween(1L, 6L);
            assertThat(requestsSince(before).get("UploadPart")).isBetween(14L, 19L);
            assertThat(server.read(key("part-19.json"))).isEqualTo(bytes);
        }
    }

    @Nested
    class EndOfATask {
        @Test
        void givesBackWhatOpenUploadingAndFinishedFilesHold() throws Exception {
            for (int i = 0; i < 100; i++) {
                open("open-" + i + ".json").write(random(1000, i));
                RecoverableFsDataOutputStream finished = open("finished-" + i + ".json");
                finished.write(random(1000, i));
                finished.closeForCommit();
            }
            open("large.json").write(random(40 * MIB, 7));
            assertThat(writer.memory().heldBytes()).isGreaterThan(400_000);

            writer.close();

            Awaitility.await()
                    .untilAsserted(() -> assertThat(PartFileMemory.PROCESS.heldBytes()).isZero());
        }

        @Test
        void givesBackAPartWhoseUploadItWaitedForInVain() throws Exception {
            Configuration configuration = configuration();
            configuration.setString("s3.upload.max.concurrent.uploads", "1");
            reopenWriter(configuration);
            front.injectNext(S3Fault.INTERNAL_ERROR, "^PUT .*partNumber=", 1000);
            try {
                RecoverableFsDataOutputStream file = open("part-0.json");

                assertThatThrownBy(() -> file.write(random(30 * MIB, 8)))
                        .hasMessageContaining("Can't upload part");
                file.close();

                Awaitility.await().untilAsserted(() -> assertThat(held()).isZero());
            } finally {
                front.heal();
            }
        }

        @Test
        void givesBackWhatACancelledTaskWaitedFor() throws Exception {
            Configuration configuration = configuration();
            configuration.setString("s3.upload.max.concurrent.uploads", "1");
            reopenWriter(configuration);
            RecoverableFsDataOutputStream file = open("part-0.json");
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> file.write(random(30 * MIB, 9)))
                    .isInstanceOf(java.io.InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
            file.close();

            Awaitility.await().untilAsserted(() -> assertThat(held()).isZero());
        }

        @Test
        void givesBackARestoredFileThatIsNotCommitted() throws Exception {
            RecoverableFsDataOutputStream file = open("part-0.json");
            file.write(random(1000, 10));
            Committer committer = throughState(file.closeForCommit());
            assertThat(held()).isGreaterThan(2 * PartFileMemory.weightFinished(1000) - 1);

            committer.commit();
            committer.commit();

            assertThat(held()).isBetween(720L, PartFileMemory.weightFinished(1100));
        }

        private long held() {
            return PartFileMemory.PROCESS.heldBytes();
        }
    }

    @Nested
    class Failures {
        @ParameterizedTest
        @EnumSource(names = {"INTERNAL_ERROR", "SLOW_DOWN", "CUT_BODY", "LOST_ANSWER"})
        void ofAPutAreRepeatedUntilItSucceeds(S3Fault fault) throws Exception {
            byte[] bytes = random(MIB, 15);
            RecoverableFsDataOutputStream file = open("part-0.json");
            file.write(bytes);
            Committer committer = file.closeForCommit();
            long before = front.injected().get(fault);
            front.injectNext(fault, "^PUT ", 3);

            committer.commit();

            assertThat(front.injected().get(fault) - before).isEqualTo(3);
            assertThat(server.read(key("part-0.json"))).isEqualTo(bytes);
        }

        @ParameterizedTest
        @EnumSource(names = {"INTERNAL_ERROR", "SLOW_DOWN", "CUT_BODY", "LOST_ANSWER"})
        void ofAnyRequestOfALargeFileAreRepeatedUntilItSucceeds(S3Fault fault) throws Exception {
            byte[] bytes = random(11 * MIB, 16);
            long before = front.injected().get(fault);
            front.injectNext(fault, "^POST .*uploads", 1);
            front.injectNext(fault, "^PUT .*partNumber=", 3);
            front.injectNext(fault, "^POST .*uploadId=", 1);
            RecoverableFsDataOutputStream file = open("part-0.json");
            file.write(bytes);

            file.closeForCommit().commit();

            assertThat(front.injected().get(fault) - before).isEqualTo(5);
            assertThat(server.objects(folder)).containsExactly(key("part-0.json"));
            assertThat(server.read(key("part-0.json"))).isEqualTo(bytes);
        }

        @Test
        void byAnotherObjectUnderTheSameKeyAreNotTakenForACommit() throws Exception {
            RecoverableFsDataOutputStream file = open("part-0.json");
            file.write(random(6 * MIB, 17));
            Committer committer = file.closeForCommit();
            committer.commit();
            RecoverableFsDataOutputStream other = open("part-0.json");
            other.write(random(6 * MIB, 18));
            other.closeForCommit().commit();

            assertThatThrownBy(committer::commit)
                    .hasMessageContaining("is another object than the one to publish");
        }

        @Test
        void byAWrongClockAreSaidAtOnce() throws Exception {
            Committer committer = smallFile();
            front.injectNext(S3Fault.CLOCK_SKEW, "^PUT ", 100);
            try {
                assertThatThrownBy(committer::commit)
                        .hasMessageContaining("Can't write s3://lake/" + key("part-0.json"))
                        .hasMessageContaining("403 RequestTimeTooSkewed")
                        .hasMessageContaining("request ID injected-")
                        .hasMessageContaining("clock");
            } finally {
                front.heal();
            }
        }

        @Test
        void byWrongCredentialsSayWhatToCheck() throws Exception {
            Configuration configuration = configuration();
            configuration.setString("s3.secret-key", "wrong");
            reopenWriter(configuration);

            assertThatThrownBy(smallFile()::commit)
                    .isInstanceOf(S3RefusedException.class)
                    .hasMessageContaining("Can't write s3://lake/" + key("part-0.json"))
                    .hasMessageContaining("403 SignatureDoesNotMatch")
                    .hasMessageContaining("s3.secret-key");
        }

        @Test
        void byAMissingBucketSayWhichOne() throws Exception {
            writer.close();
            writer = writer("no-such-bucket", S3Server.settings(configuration()));

            assertThatThrownBy(smallFile()::commit)
                    .isInstanceOf(S3RefusedException.class)
                    .hasMessageContaining("404 NoSuchBucket")
                    .hasMessageContaining("Check that the bucket no-such-bucket exists");
        }

        @Test
        void byAServerThatIsNotThereNameTheEndpointSetting() throws Exception {
            S3FaultProxy gone = S3FaultProxy.start(front.uri(), 0);
            gone.close();
            reopenWriter(S3Server.configuration(gone.uri().getPort()));

            assertThatThrownBy(smallFile()::commit)
                    .hasMessageContaining("no answer from S3")
                    .hasMessageContaining("Check s3.endpoint");
        }

        @Test
        void ofAPartReachTheTaskThatWrites() throws Exception {
            front.injectNext(S3Fault.INTERNAL_ERROR, "^PUT .*partNumber=", 1000);
            try {
                RecoverableFsDataOutputStream file = open("part-0.json");
                file.write(random(5 * MIB, 19));
                Awaitility.await()
                        .untilAsserted(
                                () ->
                                        assertThatThrownBy(() -> file.write(1))
                                                .hasMessageContaining(
                                                        "Can't upload part 1 of s3://lake/")
                                                .hasMessageContaining("500 InternalError"));
                assertThatThrownBy(file::persist).hasMessageContaining("Can't upload part 1");
                assertThatThrownBy(file::closeForCommit)
                        .hasMessageContaining("Can't upload part 1");
                file.close();
            } finally {
                front.heal();
            }
        }

        private Committer smallFile() throws IOException {
            RecoverableFsDataOutputStream file = open("part-0.json");
            file.write("row\n".getBytes(UTF_8));
            return file.closeForCommit();
        }
    }
}
