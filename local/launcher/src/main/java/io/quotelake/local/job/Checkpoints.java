package io.quotelake.local.job;

import io.quotelake.local.stack.StateDirectory;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The completed checkpoints and savepoints of a job. Only from the newest is a resumption exact:
 * files of later ones are published already, and from an older one their rows would be written
 * again.
 */
public final class Checkpoints {
    /** Flink writes it last, in one step: a checkpoint that has it is complete. */
    private static final String METADATA = "_metadata";

    /** So many letters of a job's id stand in the name of its savepoints. */
    private static final int ID_LETTERS_IN_SAVEPOINT = 6;

    private final StateDirectory state;

    public Checkpoints(StateDirectory state) {
        this.state = state;
    }

    /** The newest complete checkpoint or savepoint of a job, under all the ids it has had. */
    public Optional<Path> newest(List<String> jobIds) throws IOException {
        List<Path> complete = new ArrayList<>();
        for (String id : jobIds) {
            addComplete(complete, state.checkpoints().resolve(id), "chk-*");
            addComplete(
                    complete,
                    state.savepoints(),
                    "savepoint-" + id.substring(0, ID_LETTERS_IN_SAVEPOINT) + "-*");
        }
        return complete.stream().max(Comparator.comparing(Checkpoints::completed));
    }

    private static void addComplete(List<Path> complete, Path parent, String names)
            throws IOException {
        if (!Files.isDirectory(parent)) {
            return;
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, names)) {
            for (Path directory : found) {
                if (Files.exists(directory.resolve(METADATA))) {
                    complete.add(directory);
                }
            }
        }
    }

    private static FileTime completed(Path checkpoint) {
        try {
            return Files.getLastModifiedTime(checkpoint.resolve(METADATA));
        } catch (IOException e) {
            return FileTime.fromMillis(0); // Flink has removed it since: a newer one is there.
        }
    }
}
