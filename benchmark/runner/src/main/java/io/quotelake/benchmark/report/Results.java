package io.quotelake.benchmark.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.quotelake.benchmark.measure.Distribution;
import io.quotelake.benchmark.measure.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The directory of results: a JSON file for each scenario with every run in it, its charts, a note
 * by hand where a figure needs a word ({@code SCENARIO.md}); beside it {@code RESULTS.md}, made
 * from all of these.
 */
public final class Results {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path directory;
    private final Path page;

    /**
     * Results below a directory.
     *
     * @param home gets {@code results/} and {@code RESULTS.md}
     */
    public Results(Path home) {
        directory = home.resolve("results");
        page = home.resolve("RESULTS.md");
    }

    /** The page that shows all results. */
    public Path page() {
        return page;
    }

    /** Keeps a result in the place of an earlier one of the same scenario. */
    public void put(Result result) throws IOException {
        Files.createDirectories(directory);
        JSON.writeValue(directory.resolve(result.scenario() + ".json").toFile(), result);
    }

    /**
     * Draws the charts and writes the page, from the JSON files that are there.
     *
     * @param order the scenarios' names, in the order of the page
     */
    public void render(List<String> order) throws IOException {
        StringBuilder text = new StringBuilder(ResultsPage.HEAD);
        for (String scenario : order) {
            Path json = directory.resolve(scenario + ".json");
            if (!Files.exists(json)) {
                continue;
            }
            Result result = JSON.readValue(json.toFile(), Result.class);
            Path note = directory.resolve(scenario + ".md");
            text.append(
                    ResultsPage.section(
                            result,
                            draw(result),
                            Files.exists(note) ? Files.readString(note) : ""));
        }
        Files.writeString(page, text);
    }

    /** The charts' paths, seen from the page. */
    private List<String> draw(Result result) throws IOException {
        List<String> paths = new ArrayList<>();
        Runs runs = new Runs(result.runs());
        for (Result.ChartOf chart : result.charts()) {
            String name =
                    result.scenario() + (paths.isEmpty() ? "" : "-" + (paths.size() + 1)) + ".svg";
            String svg = chart.over() == null ? bars(chart, runs) : line(chart, runs);
            Files.writeString(directory.resolve(name), svg);
            paths.add(directory.getFileName() + "/" + name);
        }
        return paths;
    }

    private static String bars(Result.ChartOf chart, Runs runs) {
        Map<String, Distribution> bars = new LinkedHashMap<>();
        for (String contestant : runs.contestants()) {
            runs.of(contestant, chart.figure()).ifPresent(values -> bars.put(contestant, values));
        }
        return BarChart.svg(chart.title(), chart.figure(), bars);
    }

    private static String line(Result.ChartOf chart, Runs runs) {
        List<LineChart.Point> points = new ArrayList<>();
        for (String contestant : runs.contestants()) {
            var x = runs.of(contestant, chart.over());
            var y = runs.of(contestant, chart.figure());
            if (x.isPresent() && y.isPresent()) {
                points.add(new LineChart.Point(x.get().median(), y.get().median()));
            }
        }
        return LineChart.svg(chart.title(), chart.over(), chart.figure(), points);
    }
}
