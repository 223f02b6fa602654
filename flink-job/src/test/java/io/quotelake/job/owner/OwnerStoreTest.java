package io.quotelake.job.owner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.job.owner.OwnerStore.Stored;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both kinds of store in files. */
class OwnerStoreTest {

    @TempDir private Path folder;

    private OwnerStore store(String kind) {
        String table = folder.resolve("lake/table").toUri().toString();
        return kind.equals("file") ? new FileOwnerStore(table) : new FlinkOwnerStore(table);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "flink"})
    void onlyWhatWasReadIsReplaced(String kind) throws Exception {
        try (OwnerStore store = store(kind)) {
            assertThat(store.read()).isNull();

            String first = store.write("1".getBytes(UTF_8), null);
            assertThat(store.write("2".getBytes(UTF_8), null)).isNull();
            assertThat(store.write("2".getBytes(UTF_8), "another")).isNull();
            String second = store.write("2".getBytes(UTF_8), first);
            assertThat(store.write("3".getBytes(UTF_8), first)).isNull();

            Stored stored = store.read();
            assertThat(stored.content()).isEqualTo("2".getBytes(UTF_8));
            assertThat(stored.version()).isEqualTo(second);
        }
        assertThat(folder.resolve("lake/table.owner.json")).exists();
        assertThat(folder.resolve("lake/table")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "flink"})
    void onlyWhatReadersSeeIsAFile(String kind) throws Exception {
        try (OwnerStore store = store(kind)) {
            assertThat(store.hasFiles()).isFalse();
            Path day = folder.resolve("lake/table/index=HSI/date=1986-12-31");
            Files.createDirectories(day);
            Files.writeString(day.resolve(".part-0.json.inprogress"), "{}");
            assertThat(store.hasFiles()).isFalse();

            Files.writeString(day.resolve("part-0.json"), "{}");
            assertThat(store.hasFiles()).isTrue();
        }
    }

    @Test
    void ofManyThatWriteAtOnceEachReplacesWhatItHasRead() throws Exception {
        int threads = 8;
        int changes = 25;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(
                        pool.submit(
                                () -> {
                                    count(store("file"), changes);
                                    return null;
                                }));
            }
            for (Future<?> thread : running) {
                thread.get();
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(new String(store("file").read().content(), UTF_8))
                .isEqualTo("" + threads * changes);
    }

    private static void count(OwnerStore store, int changes) throws Exception {
        for (int done = 0; done < changes; ) {
            Stored now = store.read();
            int number = now == null ? 0 : Integer.parseInt(new String(now.content(), UTF_8));
            byte[] next = ("" + (number + 1)).getBytes(UTF_8);
            if (store.write(next, now == null ? null : now.version()) != null) {
                done++;
            }
        }
    }
}
