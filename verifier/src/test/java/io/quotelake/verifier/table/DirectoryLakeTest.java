package io.quotelake.verifier.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLakeTest {
    @TempDir Path table;
    private final List<String> seen = new ArrayList<>();

    @Test
    void hasFilesThatAreComplete() throws Exception {
        Files.createFile(table.resolve("part-1.json"));
        Files.createFile(table.resolve("part-2.json-" + UUID.randomUUID()));
        Files.createFile(table.resolve(".part-3.json.inprogress." + UUID.randomUUID()));

        lake().list(object -> seen.add(object.key()));

        assertThat(seen).containsExactly("part-1.json");
    }

    @Test
    void handsOverAFoldersFilesOneAfterAnother() throws Exception {
        for (String folder : List.of("index=NYA", "index=HSI")) {
            Files.createDirectory(table.resolve(folder));
            for (int i = 0; i < 3; i++) {
                Files.writeString(table.resolve(folder + "/part-" + i), "{}\n");
            }
        }

        lake().list(object -> seen.add(object.key() + " " + object.bytes()));

        assertThat(seen)
                .containsExactly(
                        "index=HSI/part-0 3",
                        "index=HSI/part-1 3",
                        "index=HSI/part-2 3",
                        "index=NYA/part-0 3",
                        "index=NYA/part-1 3",
                        "index=NYA/part-2 3");
    }

    /** What the listing has read of a folder's names is still looked at after they are gone. */
    @Test
    void isNotDisturbedByNamesThatAreGoneMeanwhile() throws Exception {
        for (int i = 0; i < 5; i++) {
            Files.createFile(table.resolve("part-" + i + ".json"));
        }

        lake().list(
                        object -> {
                            seen.add(object.key());
                            deleteOthers(object.key());
                        });

        assertThat(seen).hasSize(1);
    }

    private DirectoryLake lake() {
        return new DirectoryLake(table);
    }

    private void deleteOthers(String name) {
        for (int i = 0; i < 5; i++) {
            Path other = table.resolve("part-" + i + ".json");
            try {
                if (!other.endsWith(name)) {
                    Files.delete(other);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
