package io.quotelake.local.stack;

import io.quotelake.local.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Which of the plugins for {@code s3://} Flink loads. */
public enum S3Plugin {
    /** Flink's own flink-s3-fs-hadoop. */
    STOCK {
        @Override
        Path jar(Installation installation) {
            Path folder = installation.built("local/flink/target/plugins/s3-fs-hadoop");
            try (Stream<Path> jars = Files.list(folder)) {
                return jars.filter(jar -> jar.toString().endsWith(".jar"))
                        .findFirst()
                        .orElseThrow();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    },

    /** The project's own, which keeps small unfinished files in Flink's state. */
    QUOTELAKE {
        @Override
        Path jar(Installation installation) {
            return installation.built("s3-filesystem/target/quotelake-s3-filesystem.jar");
        }
    };

    abstract Path jar(Installation installation);
}
