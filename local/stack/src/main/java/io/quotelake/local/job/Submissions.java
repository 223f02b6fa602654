package io.quotelake.local.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quotelake.local.stack.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was submitted to the local cluster, kept on disk so that it can be resumed after any service
 * has died.
 */
public final class Submissions {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;

    public Submissions(StateDirectory state) {
        directory = state.run().resolve("jobs");
    }

    /** All of them, the newest last. */
    public List<Submission> all() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<Path> files;
        try (Stream<Path> found = Files.list(directory)) {
            files =
                    found.filter(file -> file.toString().endsWith(".json"))
                            .sorted(Comparator.comparing(Submissions::modified))
                            .toList();
        }
        List<Submission> submissions = new java.util.ArrayList<>();
        for (Path file : files) {
            submissions.add(JSON.readValue(file.toFile(), Submission.class));
        }
        return submissions;
    }

    /** The one that was submitted, resumed, or seen to end last. */
    public Optional<Submission> newest() throws IOException {
        List<Submission> all = all();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /** Writes or replaces it; its options may hold secrets, so only the owner can read the file. */
    void save(Submission submission) throws IOException {
        Files.createDirectories(directory);
        Path written =
                Files.createTempFile(
                        directory,
                        "new",
                        ".tmp",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        JSON.writeValue(written.toFile(), submission);
        Path file = directory.resolve(submission.jobIds().get(0) + ".json");
        Files.move(
                written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static long modified(Path file) {
        return file.toFile().lastModified();
    }
}
