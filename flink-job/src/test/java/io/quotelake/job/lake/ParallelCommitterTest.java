package io.quotelake.job.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.connector.file.sink.FileSinkCommittable;
import org.apache.flink.core.fs.Path;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.streaming.api.functions.sink.filesystem.InProgressFileWriter.PendingFileRecoverable;
import org.junit.jupiter.api.Test;

class ParallelCommitterTest {

    private static final int CONCURRENCY = 4;

    private static List<Committer.CommitRequest<FileSinkCommittable>> requests(int count) {
        return new ArrayList<>(
                IntStream.range(0, count).mapToObj(i -> new Request("file-" + i)).toList());
    }

    private static ParallelCommitter committer(Files files) {
        return new ParallelCommitter(
                files,
                ParallelCommitterTest.class.getClassLoader(),
                CONCURRENCY,
                new UnregisteredMetricsGroup());
    }

    private static List<Request> retried(
            List<Committer.CommitRequest<FileSinkCommittable>> requests) {
        return requests.stream().map(Request.class::cast).filter(r -> r.retries > 0).toList();
    }

    @Test
    void everyFileIsCommittedOnceAndSeveralAtATime() throws Exception {
        CyclicBarrier together = new CyclicBarrier(CONCURRENCY);
        Files files = new Files(name -> together.await());
        List<Committer.CommitRequest<FileSinkCommittable>> requests = requests(20 * CONCURRENCY);

        try (ParallelCommitter committer = committer(files)) {
            committer.commit(requests);
        }

        assertThat(files.commits).hasSize(20 * CONCURRENCY).allSatisfy((n, c) -> c.equals(1));
        assertThat(files.threads).hasSize(CONCURRENCY);
        assertThat(retried(requests)).isEmpty();
    }

    @Test
    void oneFailureIsAskedForAgainAloneAfterAPause() throws Exception {
        AtomicInteger failures = new AtomicInteger(2);
        Files files =
                new Files(
                        name -> {
                            if (name.equals("file-7") && failures.getAndDecrement() > 0) {
                                throw new IOException("503 Slow Down");
                            }
                        });
        List<Committer.CommitRequest<FileSinkCommittable>> requests = requests(50);

        try (ParallelCommitter committer = committer(files)) {
            committer.commit(requests);
            List<Request> again = retried(requests);
            assertThat(again).extracting(request -> request.name).containsExactly("file-7");

            long start = System.nanoTime();
            committer.commit(List.copyOf(again));
            committer.commit(List.copyOf(again));

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThanOrEqualTo(
                            ParallelCommitter.backOff(1).plus(ParallelCommitter.backOff(2)));
            assertThat(again.get(0).retries).isEqualTo(2);
        }
        assertThat(files.commits).containsEntry("file-7", 3).containsEntry("file-8", 1);
    }

    @Test
    void whatS3RefusesEndsSoonInAnErrorThatSaysWhy() throws Exception {
        Files files =
                new Files(
                        name -> {
                            throw new IOException(
                                    "Can't write " + name + ": check the credentials",
                                    new AccessDeniedException(name));
                        });
        List<Committer.CommitRequest<FileSinkCommittable>> requests = requests(1);

        try (ParallelCommitter committer = committer(files)) {
            assertThatThrownBy(
                            () -> {
                                while (true) {
                                    committer.commit(requests);
                                }
                            })
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "1 of 1 part files could not be published in 5 attempts."
                                    + " Can't write file-0: check the credentials");
        }
        assertThat(files.commits).containsEntry("file-0", 5);
    }

    @Test
    void pausesDoubleUpToALimit() {
        assertThat(ParallelCommitter.backOff(1)).isEqualTo(Duration.ofMillis(200));
        assertThat(ParallelCommitter.backOff(2)).isEqualTo(Duration.ofMillis(400));
        assertThat(ParallelCommitter.backOff(6)).isEqualTo(Duration.ofMillis(6_400));
        assertThat(ParallelCommitter.backOff(1_000)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aCancelledCommitStopsPromptlyAndMarksNothing() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Files files = new Files(name -> never.await());
        List<Committer.CommitRequest<FileSinkCommittable>> requests = requests(1_000);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        ParallelCommitter committer = committer(files);
        Thread task =
                new Thread(
                        () -> {
                            try {
                                committer.commit(requests);
                            } catch (Throwable e) {
                                thrown.set(e);
                            }
                        });
        task.start();
        await().until(() -> files.threads.size() == CONCURRENCY);

        task.interrupt();
        task.join(Duration.ofSeconds(10).toMillis());
        committer.close();

        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(files.commits).hasSizeLessThanOrEqualTo(2 * CONCURRENCY);
        assertThat(retried(requests)).isEmpty();
        await().until(() -> files.threads.stream().noneMatch(Thread::isAlive));
    }

    @Test
    void threadsCarryTheFileSystemsClassLoader() throws Exception {
        ClassLoader classLoader = new ClassLoader() {};
        Set<ClassLoader> seen = ConcurrentHashMap.newKeySet();
        Files files = new Files(name -> seen.add(Thread.currentThread().getContextClassLoader()));

        try (ParallelCommitter committer =
                new ParallelCommitter(files, classLoader, 2, new UnregisteredMetricsGroup())) {
            committer.commit(requests(10));
        }

        assertThat(seen).containsExactly(classLoader);
    }

    @Test
    void anErrorFailsTheJob() throws Exception {
        Files files =
                new Files(
                        name -> {
                            throw new OutOfMemoryError("of this test");
                        });

        try (ParallelCommitter committer = committer(files)) {
            assertThatThrownBy(() -> committer.commit(requests(3)))
                    .isInstanceOf(IOException.class)
                    .hasRootCauseMessage("of this test");
        }
    }

    /** What happens when a file is committed. */
    private interface Behaviour {
        void commit(String name) throws Exception;
    }

    /** Counts commits by file, and does as it is told. */
    private static final class Files implements Committer<FileSinkCommittable> {

        private final Map<String, Integer> commits = new ConcurrentHashMap<>();
        private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
        private final Behaviour behaviour;

        Files(Behaviour behaviour) {
            this.behaviour = behaviour;
        }

        @Override
        public void commit(Collection<CommitRequest<FileSinkCommittable>> requests)
                throws IOException, InterruptedException {
            threads.add(Thread.currentThread());
            for (CommitRequest<FileSinkCommittable> request : requests) {
                String name = request.getCommittable().getBucketId();
                commits.merge(name, 1, Integer::sum);
                try {
                    behaviour.commit(name);
                } catch (IOException | InterruptedException | RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        @Override
        public void close() {}
    }

    private record Pending(Path getPath, long getSize) implements PendingFileRecoverable {}

    /** Not thread-safe, like Flink's own: only the thread that made it may mark it. */
    private static final class Request implements Committer.CommitRequest<FileSinkCommittable> {

        private final Thread owner = Thread.currentThread();
        private final String name;
        private int retries;

        Request(String name) {
            this.name = name;
        }

        @Override
        public FileSinkCommittable getCommittable() {
            return new FileSinkCommittable(name, new Pending(new Path(name), 1));
        }

        @Override
        public int getNumberOfRetries() {
            return retries;
        }

        @Override
        public void retryLater() {
            assertThat(Thread.currentThread()).isSameAs(owner);
            retries++;
        }

        @Override
        public void signalFailedWithKnownReason(Throwable reason) {
            throw new AssertionError(reason);
        }

        @Override
        public void signalFailedWithUnknownReason(Throwable reason) {
            throw new AssertionError(reason);
        }

        @Override
        public void updateAndRetryLater(FileSinkCommittable committable) {
            throw new AssertionError();
        }

        @Override
        public void signalAlreadyCommitted() {
            throw new AssertionError();
        }
    }
}
