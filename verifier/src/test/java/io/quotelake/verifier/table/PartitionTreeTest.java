package io.quotelake.verifier.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionTreeTest {
    @TempDir Path table;
    private final List<String> lines = new ArrayList<>();

    @BeforeEach
    void writeLake() throws IOException {
        write("index=HSI/date=1986-12-31/part-a-0.json", "{}\n{}\n");
        write("index=HSI/date=1986-12-31/part-a-1.json", "{}\n");
        write("index=HSI/date=1987-01-02/part-a-2.json", "{}\n");
        write("index=NYA/date=1965-12-31/part-b-0.json", "{}\n");
    }

    @Test
    void filesRowsAndBytesAreShownByIndexAndDate() throws IOException {
        new PartitionTree(lines::add, null, 1).show(lake(), true);

        assertThat(shown())
                .containsExactly(
                        "index=HSI 3 files 4 rows 12 B in 2 dates",
                        "date=1986-12-31 2 files 3 rows 9 B",
                        "and 1 more",
                        "index=NYA 1 file 1 row 3 B in 1 date",
                        "date=1965-12-31 1 file 1 row 3 B",
                        "2 indices, 3 partitions, 4 files, 5 rows, 15 B");
    }

    @Test
    void oneIndexCanBeAskedFor() throws IOException {
        new PartitionTree(lines::add, "NYA", 0).show(lake(), true);

        assertThat(shown())
                .containsExactly(
                        "index=NYA 1 file 1 row 3 B in 1 date",
                        "1 index, 1 partition, 1 file, 1 row, 3 B");
    }

    @Test
    void whatDoesNotBelongIntoTheTableIsNamed() throws IOException {
        write("index=HSI/date=1986-12-31/_part-a-3_tmp_1", "x");
        write("index=HSI/part-a-4.json", "x");
        write("other/part-a-5.json", "x");

        new PartitionTree(lines::add, null, 0).show(lake(), true);

        assertThat(shown())
                .last()
                .isEqualTo(
                        "3 files don't belong here, the first is index=HSI/date=1986-12-31/_part-a-3_tmp_1");
    }

    @Test
    void rowsNeedNotBeCounted() throws IOException {
        new PartitionTree(lines::add, "NYA", 0).show(lake(), false);

        assertThat(shown())
                .containsExactly(
                        "index=NYA 1 file 3 B in 1 date",
                        "1 index, 1 partition, 1 file, rows not counted, 3 B");
    }

    @Test
    void anIndexThatTheLakeDoesNotHaveShowsNothing() throws IOException {
        PartitionTree tree = new PartitionTree(lines::add, "DAX", 1);

        assertThat(tree.show(lake(), true)).isFalse();
        assertThat(lines).isEmpty();
        assertThat(tree.indices()).containsExactly("HSI", "NYA");
    }

    @Test
    void aGrowingLakeIsCountedFileByFile() throws IOException {
        RowCounter counter = new RowCounter(lake());
        assertThat(counter.count()).isEqualTo(5);

        write("index=NYA/date=1966-01-03/part-b-1.json", "{}\n{}\n");

        assertThat(counter.count()).isEqualTo(7);
        assertThat(counter.files()).isEqualTo(5);
    }

    private Lake lake() {
        return new DirectoryLake(table);
    }

    private List<String> shown() {
        return lines.stream().map(line -> line.strip().replaceAll(" +", " ")).toList();
    }

    private void write(String path, String text) throws IOException {
        Path file = table.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
