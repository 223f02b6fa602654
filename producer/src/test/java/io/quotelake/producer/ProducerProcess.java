package io.quotelake.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged program as a process of its own, with its output in files. */
final class ProducerProcess implements AutoCloseable {

    private static final int TIMEOUT_SECONDS = 120;

    private final Process process;
    private final Path out;
    private final Path err;

    private ProducerProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /**
     * @param directory the working directory
     */
    static ProducerProcess start(Path directory, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx128m",
                                "-jar",
                                System.getProperty("quotelake.producer.jar")));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(directory, "out", ".txt");
        Path err = Files.createTempFile(directory, "err", ".txt");
        Process process =
                new ProcessBuilder(command)
                        .directory(new File(directory.toString()))
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
        return new ProducerProcess(process, out, err);
    }

    Process process() {
        return process;
    }

    /**
     * Sends SIGTERM, and leaves its standard input open. Not Ctrl-C's signal, which ends it in the
     * same way: whatever a shell runs in the background ignores that one, and so do its children.
     */
    void terminate() {
        process.toHandle().destroy();
    }

    /** The exit code, when the process has ended. */
    int await() throws InterruptedException {
        assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS))
                .as("the producer ends within %d s", TIMEOUT_SECONDS)
                .isTrue();
        return process.exitValue();
    }

    String out() throws IOException {
        return Files.readString(out);
    }

    String err() throws IOException {
        return Files.readString(err);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
