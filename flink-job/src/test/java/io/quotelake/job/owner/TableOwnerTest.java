package io.quotelake.job.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quotelake.job.task.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What claims cost, and what happens when the store does not answer. */
class TableOwnerTest {

    private static final String TABLE = "s3://bucket/table";

    private final MemoryStore store = new MemoryStore();
    private final List<Duration> pauses = new ArrayList<>();

    private TableOwner owner(String token) {
        Run run = new Run(token, TABLE, "day", "topic", null, false);
        return new TableOwner(run, "job", "host", store, Clock.systemUTC(), pauses::add);
    }

    private static Stamp files(String token, long checkpoint, int subtask) {
        return new Stamp(token, checkpoint, subtask, TABLE);
    }

    @Test
    void aRoundCostsOneRequestAProcessAndNothingElse() throws Exception {
        TableOwner owner = owner("a");
        owner.begin(SavedState.NONE);
        store.requests.clear();

        for (int round = 1; round <= 10; round++) {
            for (int subtask = 0; subtask < 4; subtask++) {
                owner.publish(files("a", round, subtask));
                owner.finish(subtask, round);
            }
        }

        assertThat(store.requests).hasSize(10).containsOnly("write");
    }

    @Test
    void aRoundThatAnotherProcessHasClaimedCostsTwo() throws Exception {
        TableOwner one = owner("a");
        TableOwner other = owner("a");
        one.begin(SavedState.NONE);
        other.begin(SavedState.NONE);
        one.publish(files("a", 1, 0));
        store.requests.clear();

        other.publish(files("a", 1, 1));

        assertThat(store.requests).containsExactly("write", "read");
    }

    @Test
    void anAnswerThatIsLostIsLookedFor() throws Exception {
        TableOwner owner = owner("a");
        owner.begin(SavedState.NONE);
        store.failuresAfter.add(new IOException("timeout"));

        owner.publish(files("a", 1, 0));

        assertThat(pauses).hasSize(1);
        assertThat(store.writes).as("the first, and the claim").isEqualTo(2);
    }

    @Test
    void aStoreThatIsAwayIsGivenUpAfterAWhileAndOneThatRefusesSooner() {
        for (int i = 0; i < 100; i++) {
            store.failuresBefore.add(new IOException("503 Slow Down"));
        }
        assertThatThrownBy(() -> owner("a").begin(SavedState.NONE))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "the owner object s3://bucket/table.owner.json could not be read or written"
                                + " in 10 attempts. 503 Slow Down");
        assertThat(pauses.stream().mapToLong(Duration::toMillis).sum()).isBetween(40_000L, 50_000L);

        pauses.clear();
        store.failuresBefore.clear();
        for (int i = 0; i < 100; i++) {
            store.failuresBefore.add(new AccessDeniedException("no"));
        }
        assertThatThrownBy(() -> owner("a").begin(SavedState.NONE))
                .hasMessageContaining("5 attempts");
    }

    @Test
    void aStoreThatTakesConditionsAndIgnoresThemIsFoundOutAndUsedAllTheSame() throws Exception {
        store.ignoresConditions = true;
        TableOwner owner = owner("a");

        owner.begin(SavedState.NONE);
        owner.publish(files("a", 1, 0));

        assertThatThrownBy(() -> owner("b").begin(SavedState.NONE)).isInstanceOf(Refusal.class);
    }

    @Test
    void whatIsFinishedIsNotedAtTheEnd() throws Exception {
        TableOwner owner = owner("a");
        owner.begin(SavedState.NONE);
        owner.publish(files("a", 1, 0));
        owner.finish(0, 1);
        Reached reached = new Reached(0, 1, 1, Map.of(0, 10L), Map.of(0, 12L));
        owner.end(reached);
        Thread.currentThread().interrupt();

        owner.close();

        assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        assertThat(OwnerObject.fromJson(store.content, "here").writers().get(0).reached())
                .containsExactly(reached);
        TableOwner next = owner("b");
        next.begin(new SavedState("a", 1));
        assertThat(next.isFinished(files("a", 1, 0))).isTrue();
        assertThat(next.isFinished(files("a", 1, 1))).isFalse();
    }

    /** One object in memory, with failures when told. */
    private static final class MemoryStore implements OwnerStore {

        private final List<String> requests = new ArrayList<>();
        private final Deque<IOException> failuresBefore = new ArrayDeque<>();
        private final Deque<IOException> failuresAfter = new ArrayDeque<>();
        private byte[] content;
        private int writes;
        private boolean ignoresConditions;

        private static void fail(Deque<IOException> failures) throws IOException {
            if (!failures.isEmpty()) {
                throw failures.pop();
            }
        }

        @Override
        public synchronized Stored read() throws IOException {
            requests.add("read");
            fail(failuresBefore);
            return content == null ? null : new Stored(content, version());
        }

        private String version() {
            return new String(content, StandardCharsets.UTF_8);
        }

        @Override
        public synchronized String write(byte[] bytes, String version) throws IOException {
            requests.add("write");
            fail(failuresBefore);
            boolean holds = content == null ? version == null : version().equals(version);
            if (!holds && !ignoresConditions) {
                return null;
            }
            content = bytes;
            writes++;
            fail(failuresAfter);
            return version();
        }

        @Override
        public boolean hasFiles() {
            return false;
        }

        @Override
        public boolean isAtomic() {
            return true;
        }

        @Override
        public void close() {}
    }
}
