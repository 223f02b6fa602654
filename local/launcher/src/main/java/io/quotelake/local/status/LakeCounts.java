package io.quotelake.local.status;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quotelake.local.stack.StateDirectory;
import io.quotelake.verifier.table.Lakes;
import io.quotelake.verifier.table.RowCounter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many rows and files each table of this machine has. A long history takes longer to count than
 * a person waits, so the process that keeps the stack counts, and writes down what it knows.
 */
public final class LakeCounts {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Map<Path, Counting> tables = new ConcurrentHashMap<>();

    /** Nothing is known at first: what an earlier stack knew may not hold any more. */
    public LakeCounts(StateDirectory state) throws IOException {
        file = file(state);
        Files.deleteIfExists(file);
    }

    /**
     * What is known of a table.
     *
     * @param rows in all its files
     * @param files that are published
     * @param counted when the last whole count ended, in milliseconds since 1970; 0 while the first
     *     goes on
     */
    public record Known(long rows, long files, long counted) {}

    private static final class Counting {
        private final RowCounter counter;
        private volatile long counted;

        private Counting(Path table) {
            counter = new RowCounter(Lakes.at(table.toUri().toString(), null));
        }

        private Known known() {
            return new Known(counter.rows(), counter.files(), counted);
        }
    }

    /** Counts what is new in a table, to its end. */
    public Known count(Path table) throws IOException {
        Counting counting = tables.computeIfAbsent(table, Counting::new);
        counting.counter.count();
        counting.counted = System.currentTimeMillis();
        return counting.known();
    }

    /** Writes down what is known by now, also of a count that goes on. */
    public synchronized void keep() throws IOException {
        Map<String, Known> known = new TreeMap<>();
        tables.forEach((table, counting) -> known.put(table.toString(), counting.known()));
        Path written = file.resolveSibling(file.getFileName() + ".tmp");
        JSON.writeValue(written.toFile(), known);
        Files.move(
                written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** What the process that keeps the stack knows of a table; nothing before it has begun. */
    public static Optional<Known> read(StateDirectory state, Path table) throws IOException {
        try {
            Map<String, Known> known =
                    JSON.readValue(
                            Files.readAllBytes(file(state)),
                            new TypeReference<Map<String, Known>>() {});
            return Optional.ofNullable(known.get(table.toString()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Path file(StateDirectory state) {
        return state.run().resolve("lake-counts.json");
    }
}
