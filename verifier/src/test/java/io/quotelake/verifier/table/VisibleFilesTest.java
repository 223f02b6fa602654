package io.quotelake.verifier.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VisibleFilesTest {
    @TempDir Path table;

    @Test
    void areThoseThatAreComplete() throws Exception {
        Files.createFile(table.resolve("part-1.json"));
        Files.createFile(table.resolve("part-2.json-" + UUID.randomUUID()));
        Files.createFile(table.resolve(".part-3.json.inprogress." + UUID.randomUUID()));

        List<String> seen = new ArrayList<>();
        Files.walkFileTree(
                table,
                new VisibleFiles() {
                    @Override
                    protected FileVisitResult visitVisible(
                            Path file, BasicFileAttributes attributes) {
                        seen.add(file.getFileName().toString());
                        return FileVisitResult.CONTINUE;
                    }
                });

        assertThat(seen).containsExactly("part-1.json");
    }

    /** What the listing has read of a folder's names is still looked at after they are gone. */
    @Test
    void areNotDisturbedByNamesThatAreGoneMeanwhile() throws Exception {
        for (int i = 0; i < 5; i++) {
            Files.createFile(table.resolve("part-" + i + ".json"));
        }

        List<Path> seen = new ArrayList<>();
        Files.walkFileTree(
                table,
                new VisibleFiles() {
                    @Override
                    protected FileVisitResult visitVisible(
                            Path file, BasicFileAttributes attributes) throws IOException {
                        seen.add(file);
                        deleteOthers(file);
                        return FileVisitResult.CONTINUE;
                    }
                });

        assertThat(seen).hasSize(1);
    }

    private void deleteOthers(Path file) throws IOException {
        for (int i = 0; i < 5; i++) {
            Path other = table.resolve("part-" + i + ".json");
            if (!other.equals(file)) {
                Files.delete(other);
            }
        }
    }
}
