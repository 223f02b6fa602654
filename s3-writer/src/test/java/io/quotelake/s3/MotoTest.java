package io.quotelake.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream.Committer;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The writer against an S3 that is written by others than S3Proxy's people: moto's server, where it
 * is installed. It checks checksums as S3 does, and no signatures.
 */
class MotoTest {
    private static final int MIB = 1024 * 1024;

    @TempDir static Path directory;

    private static Process server;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        String program =
                Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, "moto_server"))
                        .filter(Files::isExecutable)
                        .map(Path::toString)
                        .findFirst()
                        .orElse(null);
        assumeTrue(program != null, "moto_server is not installed");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        server =
                new ProcessBuilder(program, "-H", "127.0.0.1", "-p", Integer.toString(port))
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("moto.log").toFile())
                        .start();
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(MotoTest::answers);
        try (S3Connection connection = S3Connection.share(settings(false))) {
            connection.client().createBucket(request -> request.bucket(S3Server.BUCKET));
        }
    }

    private static boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.destroyForcibly();
        }
    }

    private static S3Settings settings(boolean aws) {
        Configuration configuration = S3Server.configuration(port);
        return S3Server.settings(configuration, aws);
    }

    private static PartFileWriter writer(boolean aws) {
        return PartFileWriter.open(
                URI.create("s3://" + S3Server.BUCKET + "/t"), S3Connection.share(settings(aws)));
    }

    private static org.apache.flink.core.fs.Path path(String key) {
        return new org.apache.flink.core.fs.Path("s3://" + S3Server.BUCKET + "/" + key);
    }

    private static byte[] read(String key) throws IOException {
        try (S3Connection connection = S3Connection.share(settings(false))) {
            return new S3Bucket(connection, S3Server.BUCKET).get(key);
        }
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void takesASmallFileAsOneObject(boolean aws) throws Exception {
        try (PartFileWriter writer = writer(aws)) {
            RecoverableFsDataOutputStream file = writer.open(path("small-" + aws));
            file.write("row\n".getBytes(UTF_8));
            file.closeForCommit().commit();
        }

        assertThat(read("small-" + aws)).asString(UTF_8).isEqualTo("row\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void takesALargeFileThatWasResumedAndKnowsItAgain(boolean aws) throws Exception {
        byte[] bytes = random(12 * MIB, 1);
        try (PartFileWriter writer = writer(aws)) {
            RecoverableFsDataOutputStream file = writer.open(path("large-" + aws));
            file.write(bytes, 0, 7 * MIB);
            byte[] state =
                    SimpleVersionedSerialization.writeVersionAndSerialize(
                            writer.getResumeRecoverableSerializer(), file.persist());
            RecoverableFsDataOutputStream resumed =
                    writer.recover(
                            SimpleVersionedSerialization.readVersionAndDeSerialize(
                                    writer.getResumeRecoverableSerializer(), state));
            resumed.write(bytes, 7 * MIB, 5 * MIB);
            Committer committer = resumed.closeForCommit();
            committer.commit();
            committer.commitAfterRecovery();
        }

        assertThat(read("large-" + aws)).isEqualTo(bytes);
    }

    /**
     * What a commit whose answer got lost compares. It is not asked for here: to complete an upload
     * that is gone, moto answers 500.
     */
    @Test
    void makesTheSameChecksumOfAFileInParts() throws Exception {
        try (PartFileWriter writer = writer(true);
                S3Connection connection = S3Connection.share(settings(true))) {
            RecoverableFsDataOutputStream file = writer.open(path("checksum"));
            file.write(random(11 * MIB, 2));
            Committer committer = file.closeForCommit();
            committer.commit();

            PartFileRecoverable sent = (PartFileRecoverable) committer.getRecoverable();
            assertThat(sent.parts()).hasSize(3);
            assertThat(
                            new S3Bucket(connection, S3Server.BUCKET)
                                    .head("checksum")
                                    .orElseThrow()
                                    .checksumCRC32())
                    .isEqualTo(PartFileCommitter.compositeCrc32(sent.parts()));
        }
    }

    @Test
    void writesObjectsUnderACondition() throws Exception {
        try (S3Objects objects = S3Objects.open(S3Server.BUCKET, settings(true))) {
            String first = objects.putIfAbsent("owner", "one".getBytes(UTF_8)).orElseThrow();

            assertThat(objects.putIfAbsent("owner", "two".getBytes(UTF_8))).isEmpty();
            assertThat(objects.putIfUnchanged("owner", "two".getBytes(UTF_8), first)).isPresent();
            assertThat(objects.putIfUnchanged("owner", "late".getBytes(UTF_8), first)).isEmpty();
        }
    }
}
