package io.quotelake.local.job;

import io.quotelake.local.stack.StateDirectory;
import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The tables that lie on this machine: in the local S3 endpoint's buckets, or in directories. */
public final class LocalTables {
    private final StateDirectory state;

    public LocalTables(StateDirectory state) {
        this.state = state;
    }

    /**
     * Whether a table has rows already; not known, and so not, where it lies elsewhere: the job
     * itself looks too.
     *
     * @throws Failure if it can't be read
     */
    public boolean hasRows(String output) {
        Optional<Path> directory = directory(output);
        if (directory.isEmpty()) {
            return false;
        }
        try (Stream<Path> tree = Files.walk(directory.get())) {
            return tree.anyMatch(Files::isRegularFile);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw Failure.atRunTime(
                    "%s can't be read (%s), so nobody knows whether the table has rows: mend that first"
                            .formatted(directory.get(), e.getMessage()));
        }
    }

    /** Where a table lies on this machine. */
    public Optional<Path> directory(String output) {
        if (output.startsWith("file:")) {
            return Optional.of(Path.of(URI.create(output).getPath()));
        }
        return output.matches("s3a?://.+")
                ? Optional.of(state.s3().resolve(output.replaceFirst("s3a?://", "")))
                : Optional.empty();
    }
}
