package io.quotelake.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built jar as a process, looked at in a real Chromium where one is installed. */
class PageIT {
    private static final Path MODULE =
            Path.of(System.getProperty("quotelake.home"), "dashboard").toAbsolutePath();

    @TempDir Path folder;

    @Test
    void everyChartHasDataAndNothingIsWrong() throws Exception {
        Optional<Path> chromium = program("chromium", "chromium-browser", "google-chrome");
        assumeTrue(chromium.isPresent(), "no Chromium is installed (Debian: apt install chromium)");
        Path table = folder.resolve("stock_market");
        TestLake.write(table, TestLake.quotes(Set.of("HSI", "NYA", "KS11")), 4);
        Process dashboard =
                new ProcessBuilder(
                                java(),
                                "-Xmx192m",
                                "-jar",
                                System.getProperty("quotelake.dashboard.jar"),
                                "--lake",
                                table.toString(),
                                "--port",
                                "0")
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader said = dashboard.inputReader(StandardCharsets.UTF_8)) {
            String address = said.readLine().replaceFirst("Dashboard: ", "");
            assertThat(check(chromium.get(), address)).isEmpty();
        } finally {
            dashboard.destroy();
            dashboard.waitFor();
        }
    }

    private static String check(Path chromium, String address)
            throws IOException, InterruptedException {
        Process check =
                new ProcessBuilder(
                                "node",
                                MODULE.resolve("src/test/page/check.mjs").toString(),
                                MODULE.resolve("target/page").toString(),
                                chromium.toString(),
                                address,
                                MODULE.resolve("target/pictures").toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(check.waitFor()).as(said).isZero();
        return said.strip();
    }

    private static Optional<Path> program(String... names) {
        return Stream.of(names)
                .flatMap(
                        name ->
                                List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
                                        .map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
