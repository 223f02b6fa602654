package io.quotelake.benchmark.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.benchmark.measure.Figures;
import io.quotelake.benchmark.measure.Runs;
import io.quotelake.benchmark.measure.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
    @TempDir Path home;

    @Test
    void rendersThePageFromTheKeptRuns() throws Exception {
        Results results = new Results(home);
        results.put(result());
        Files.writeString(home.resolve("results/live.md"), "A word by hand.");

        results.render(List.of("live", "never-run"));

        assertThat(Files.readString(results.page()))
                .contains("## Few big files", "| rows/s | 1,500 (1,000 – 2,000) | 500 |")
                .contains(
                        "| twice as fast | at least 2 | 3 | met |",
                        "A word by hand.",
                        "Measured runs of each: 2.",
                        "; Quotelake 0.1.0-SNAPSHOT, Flink 2.",
                        "![](results/live.svg)");
        assertWellFormed(home.resolve("results/live.svg"));
        assertWellFormed(home.resolve("results/live-2.svg"));
    }

    private static Result result() {
        Runs runs = new Runs();
        runs.add("Quotelake", 1, new Figures().put("rows/s", 1_000).put("files", 10));
        runs.add("Quotelake", 2, new Figures().put("rows/s", 2_000).put("files", 10));
        runs.add("Others <&>", 1, new Figures().put("rows/s", 500).put("files", 20));
        return Result.of(
                "live",
                "Few big files",
                "Some rows.",
                runs,
                List.of(Target.atLeast("twice as fast", 2, 3)),
                Result.ChartOf.bars("Speed", "rows/s"),
                Result.ChartOf.line("Speed over files", "rows/s", "files"));
    }

    private static void assertWellFormed(Path svg) throws Exception {
        assertThat(
                        DocumentBuilderFactory.newInstance()
                                .newDocumentBuilder()
                                .parse(svg.toFile())
                                .getDocumentElement()
                                .getNodeName())
                .isEqualTo("svg");
    }
}
