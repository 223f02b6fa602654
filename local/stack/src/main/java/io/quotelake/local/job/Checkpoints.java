package io.quotelake.local.job;

import io.quotelake.local.stack.StateDirectory;
import io.quotelake.terminal.Failure;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The completed checkpoints and savepoints of a job, wherever the local stack keeps them: on disk,
 * or in a bucket of the local S3 endpoint, which is a directory too.
 *
 * <p>Only from the newest is a resumption exact: files of later ones are published already, and
 * from an older one their rows would be written again. So a listing that can't be read is a
 * failure, and never an empty one.
 */
public final class Checkpoints {
    /** Flink writes it last, in one step: a checkpoint that has it is complete. */
    private static final String METADATA = "_metadata";

    /** How it begins, see {@code org.apache.flink.runtime.checkpoint.Checkpoints}. */
    private static final int MAGIC = 0x4960672d;

    /** So many letters of a job's id stand in the name of its savepoints. */
    private static final int ID_LETTERS_IN_SAVEPOINT = 6;

    private static final Pattern LOCATION = Pattern.compile("(s3a?|file):/*(.*)");

    private final StateDirectory state;

    public Checkpoints(StateDirectory state) {
        this.state = state;
    }

    /**
     * The newest completed checkpoint or savepoint of a job, under all the ids it has had.
     *
     * @throws Failure if one of them can't be read
     */
    public Optional<SavedState> newest(List<String> jobIds) {
        List<SavedState> complete = new ArrayList<>();
        for (String id : jobIds) {
            addComplete(complete, state.checkpoints().resolve(id), "chk-*");
            addComplete(
                    complete,
                    state.savepoints(),
                    "savepoint-" + id.substring(0, ID_LETTERS_IN_SAVEPOINT) + "-*");
        }
        return complete.stream().max(Comparator.comparing(SavedState::checkpoint));
    }

    /** Whether a job has a state to go on from. */
    public boolean isKept(Submission submission) {
        return newest(submission.jobIds()).isPresent()
                || Optional.ofNullable(submission.lastState())
                        .flatMap(told -> at(told.location()))
                        .isPresent();
    }

    /** A completed checkpoint or savepoint by its location; nothing if none is there. */
    public Optional<SavedState> at(String location) {
        Path directory = directory(location);
        try {
            return number(directory).map(number -> new SavedState(number, location(directory)));
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    private void addComplete(List<SavedState> complete, Path parent, String names) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, names)) {
            for (Path directory : found) {
                number(directory)
                        .ifPresent(n -> complete.add(new SavedState(n, location(directory))));
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return; // The job has written none there.
        } catch (IOException e) {
            throw unreadable(parent, e);
        }
    }

    /** Its number; nothing while it is not complete, or has just been removed. */
    private static Optional<Long> number(Path checkpoint) throws IOException {
        Path metadata = checkpoint.resolve(METADATA);
        try (DataInputStream in = new DataInputStream(Files.newInputStream(metadata))) {
            if (in.readInt() != MAGIC) {
                throw new IOException(metadata + " is not written by Flink");
            }
            in.readInt(); // The format's version: since 3 the number comes next.
            return Optional.of(in.readLong());
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Optional.empty();
        }
    }

    private static Failure unreadable(Path directory, IOException e) {
        return Failure.atRunTime(
                "the checkpoints and savepoints in %s can't be read (%s), so nobody knows which is the newest: mend that, then ./quotelake submit --resume"
                        .formatted(directory, e.getMessage()));
    }

    private String location(Path directory) {
        return directory.startsWith(state.s3())
                ? "s3://" + state.s3().relativize(directory)
                : directory.toString();
    }

    private Path directory(String location) {
        Matcher uri = LOCATION.matcher(location);
        if (!uri.matches()) {
            return Path.of(location).toAbsolutePath().normalize();
        }
        return uri.group(1).equals("file")
                ? Path.of(URI.create("file:///" + uri.group(2).replace(" ", "%20"))).normalize()
                : state.s3().resolve(uri.group(2)).normalize();
    }
}
