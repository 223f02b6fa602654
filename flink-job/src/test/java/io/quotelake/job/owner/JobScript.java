package io.quotelake.job.owner;

import io.quotelake.job.owner.World.Answer;
import io.quotelake.job.owner.World.Checkpoint;
import io.quotelake.job.owner.World.Content;
import io.quotelake.job.owner.World.Failed;
import io.quotelake.job.owner.World.Job;
import io.quotelake.job.owner.World.Look;
import io.quotelake.job.owner.World.Number;
import io.quotelake.job.owner.World.Pending;
import io.quotelake.job.owner.World.Publish;
import io.quotelake.job.owner.World.Read;
import io.quotelake.job.owner.World.Request;
import io.quotelake.job.owner.World.State;
import io.quotelake.job.owner.World.Write;
import io.quotelake.job.owner.World.Yes;
import io.quotelake.job.task.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.connector.file.sink.FileSinkCommittable;
import org.apache.flink.connector.file.sink.writer.FileWriterBucketState;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.functions.sink.filesystem.InProgressFileWriter.PendingFileRecoverable;

/**
 * What a task of the job does from its start to its end, with the program's own classes, in the
 * order in which Flink calls them. It runs with the answers it has been given so far, and stops at
 * the first request that has none.
 */
final class JobScript {

    /** The topic's rows are the numbers below this. */
    static final int ROWS = 4;

    private static final int ROWS_A_ROUND = 2;
    private static final int MAX_ROUNDS = 4;
    private static final int MAX_ATTEMPTS = 10;
    private static final String TABLE = "s3://bucket/table";
    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    /** How a job stands. */
    sealed interface Standing {}

    record Waits(Request request) implements Standing {}

    record Ended() implements Standing {}

    record IsRefused(String why) implements Standing {}

    private static final class NoAnswer extends Error {
        private static final long serialVersionUID = 1L;
        private final transient Request request;

        NoAnswer(Request request) {
            super(null, null, false, false);
            this.request = request;
        }
    }

    private final Job job;
    private final Function<Request, Answer> answers;

    private JobScript(Job job, Function<Request, Answer> answers) {
        this.job = job;
        this.answers = answers;
    }

    /** Where the answers that it has been told bring a job. */
    static Standing of(Job job) {
        int[] next = new int[1];
        return new JobScript(
                        job,
                        request -> {
                            if (next[0] == job.told().size()) {
                                throw new NoAnswer(request);
                            }
                            return job.told().get(next[0]++);
                        })
                .run();
    }

    /** Goes on to the end with answers at once. */
    static Standing finish(Job job, Function<Request, Answer> answers) {
        int[] next = new int[1];
        return new JobScript(
                        job,
                        request ->
                                next[0] < job.told().size()
                                        ? job.told().get(next[0]++)
                                        : answers.apply(request))
                .run();
    }

    private Standing run() {
        try {
            write();
            return new Ended();
        } catch (NoAnswer e) {
            return new Waits(e.request);
        } catch (Refusal e) {
            return new IsRefused(e.getMessage());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void write() throws Exception {
        Run run = new Run(job.run(), TABLE, "day", "topic", null, false);
        State from = job.from();
        OptionalLong restored =
                from == null ? OptionalLong.empty() : OptionalLong.of(from.checkpoint());
        TableOwner owner = new TableOwner(run, "job", "host", new Store(), CLOCK, time -> {});
        OwnedCommitter committer =
                new OwnedCommitter(new Rounds(run, owner, () -> {}, restored), new Publisher());
        if (from != null) {
            publish(committer, from.pending());
        }
        TableState identity = new TableState(run, 0, restored);
        owner.begin(identity.restore(identityOf(from), new ArrayList<>()));

        int position = from == null ? 0 : from.position();
        long last = restored.orElse(0);
        List<Pending> pending = new ArrayList<>();
        for (int round = 0; round < MAX_ROUNDS; round++) {
            int end = Math.min(ROWS, position + ROWS_A_ROUND);
            pending.addAll(round(identity, position, end));
            position = end;
            Answer answer = answers.apply(new Checkpoint(position, List.copyOf(pending), last));
            Number number = (Number) answer;
            last = number.number();
            if (number.isTaken()) {
                identity.save(last);
            }
            if (number.isComplete()) {
                publish(committer, pending);
                pending.clear();
                if (position == ROWS) {
                    break;
                }
            }
        }
        owner.noteFinished();
    }

    private static List<FileWriterBucketState> identityOf(State state) {
        if (state == null) {
            return List.of();
        }
        Run writer = new Run(state.run(), TABLE, "day", "topic", null, false);
        return List.of(new TableState(writer, 0, OptionalLong.empty()).save(state.checkpoint()));
    }

    /** A file a row. */
    private List<Pending> round(TableState identity, int from, int end) {
        List<FileSinkCommittable> files = new ArrayList<>();
        for (int row = from; row < end; row++) {
            String name = job.run() + "-" + job.attempt() + "-" + row;
            files.add(new FileSinkCommittable("folder", new Recoverable(name, row)));
        }
        return identity.stamp(files).stream()
                .map(file -> pending(file.getBucketId(), (Recoverable) file.getPendingFile()))
                .toList();
    }

    private static Pending pending(String stamp, Recoverable file) {
        return new Pending(stamp, file.name, file.row);
    }

    /** As Flink does: checkpoint by checkpoint, and what failed again. */
    private static void publish(OwnedCommitter committer, List<Pending> pending)
            throws IOException, InterruptedException {
        Collection<List<Pending>> rounds =
                pending.stream()
                        .collect(
                                Collectors.groupingBy(
                                        Pending::stamp, TreeMap::new, Collectors.toList()))
                        .values();
        for (List<Pending> round : rounds) {
            List<FileRequest> requests = round.stream().map(FileRequest::new).toList();
            for (int attempt = 0; !requests.isEmpty(); attempt++) {
                if (attempt == MAX_ATTEMPTS) {
                    throw new IllegalStateException("never published: " + requests);
                }
                requests.forEach(request -> request.isOpen = false);
                committer.commit(List.copyOf(requests));
                requests = requests.stream().filter(request -> request.isOpen).toList();
            }
        }
    }

    private record Recoverable(String name, int row) implements PendingFileRecoverable {
        @Override
        public Path getPath() {
            return new Path(name);
        }

        @Override
        public long getSize() {
            return 1;
        }
    }

    private final class Publisher implements Committer<FileSinkCommittable> {

        @Override
        public void commit(Collection<CommitRequest<FileSinkCommittable>> requests) {
            for (CommitRequest<FileSinkCommittable> request : requests) {
                Recoverable file = (Recoverable) request.getCommittable().getPendingFile();
                if (answers.apply(new Publish(file.name, file.row)) instanceof Failed) {
                    request.retryLater();
                }
            }
        }

        @Override
        public void close() {}
    }

    private final class Store implements OwnerStore {

        private Answer ask(Request request) throws IOException {
            Answer answer = answers.apply(request);
            if (answer instanceof Failed) {
                throw new IOException("no answer");
            }
            return answer;
        }

        @Override
        public Stored read() throws IOException {
            String content = ((Content) ask(new Read())).content();
            return content == null
                    ? null
                    : new Stored(content.getBytes(StandardCharsets.UTF_8), content);
        }

        @Override
        public String write(byte[] content, String version) throws IOException {
            String text = new String(content, StandardCharsets.UTF_8);
            return ((Yes) ask(new Write(text, version))).yes() ? text : null;
        }

        @Override
        public boolean hasFiles() throws IOException {
            return ((Yes) ask(new Look())).yes();
        }

        @Override
        public boolean isAtomic() {
            return true;
        }

        @Override
        public void close() {}
    }

    private static final class FileRequest implements Committer.CommitRequest<FileSinkCommittable> {

        private final FileSinkCommittable file;
        private int retries;
        private boolean isOpen;

        FileRequest(Pending pending) {
            file =
                    new FileSinkCommittable(
                            pending.stamp(), new Recoverable(pending.name(), pending.row()));
        }

        @Override
        public FileSinkCommittable getCommittable() {
            return file;
        }

        @Override
        public int getNumberOfRetries() {
            return retries;
        }

        @Override
        public void retryLater() {
            retries++;
            isOpen = true;
        }

        @Override
        public void signalAlreadyCommitted() {}

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
    }
}
