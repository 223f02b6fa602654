package io.quotelake.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.local.s3.S3Fault;
import io.quotelake.local.s3.S3FaultProxy;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small objects under conditions, against a real S3 server that may fail. */
class S3ObjectsTest {
    @TempDir static Path directory;

    private static S3Server server;
    private static S3FaultProxy front;
    private static S3Objects objects;

    @BeforeAll
    static void start() throws Exception {
        server = new S3Server(directory);
        front = S3FaultProxy.start(URI.create("http://127.0.0.1:" + server.port()), 0);
        objects =
                S3Objects.open(
                        S3Server.BUCKET,
                        S3Server.settings(S3Server.configuration(front.uri().getPort())));
    }

    @AfterAll
    static void stop() throws Exception {
        objects.close();
        front.close();
        server.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(String key) throws Exception {
        return new String(objects.get(key).orElseThrow().bytes(), UTF_8);
    }

    @Test
    void anObjectThatIsNotThereIsAbsent() throws Exception {
        assertThat(objects.get("absent.json")).isEmpty();
        assertThat(objects.putIfUnchanged("absent.json", bytes("one"), "\"abc\"")).isEmpty();
        assertThat(objects.get("absent.json")).isEmpty();
    }

    @Test
    void whoComesSecondFindsTheFirst() throws Exception {
        assertThat(objects.putIfAbsent("second.json", bytes("one"))).isPresent();
        assertThat(objects.putIfAbsent("second.json", bytes("two"))).isEmpty();

        assertThat(text("second.json")).isEqualTo("one");
    }

    @Test
    void isOnlyChangedByWhoSawItsLastContent() throws Exception {
        String first = objects.putIfAbsent("changed.json", bytes("one")).orElseThrow();
        String second = objects.putIfUnchanged("changed.json", bytes("two"), first).orElseThrow();

        assertThat(objects.putIfUnchanged("changed.json", bytes("late"), first)).isEmpty();
        assertThat(objects.get("changed.json").orElseThrow().eTag()).isEqualTo(second);
        assertThat(text("changed.json")).isEqualTo("two");
    }

    @Test
    void ofManyWhoWriteAtOnceOneWins() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Boolean>> writers =
                    IntStream.range(0, 8)
                            .<Callable<Boolean>>mapToObj(
                                    number ->
                                            () ->
                                                    objects.putIfAbsent(
                                                                    "race.json",
                                                                    bytes("writer " + number))
                                                            .isPresent())
                            .toList();
            int winners = 0;
            for (Future<Boolean> written : threads.invokeAll(writers)) {
                winners += written.get() ? 1 : 0;
            }

            assertThat(winners).isEqualTo(1);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aWriteWhoseAnswerGotLostFindsItsOwnContent() throws Exception {
        front.injectNext(S3Fault.LOST_ANSWER, "^PUT .*lost.json", 1);

        assertThat(objects.putIfAbsent("lost.json", bytes("mine"))).isEmpty();

        assertThat(text("lost.json")).isEqualTo("mine");
    }

    @Test
    void showsWhetherThereIsAnythingBelowAPrefix() throws Exception {
        assertThat(objects.hasAny("table/")).isFalse();

        objects.putIfAbsent("table/index=HSI/part-0.json", bytes("row"));

        assertThat(objects.hasAny("table/")).isTrue();
    }
}
