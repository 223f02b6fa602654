package io.quotelake.benchmark.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quotelake.benchmark.lake.DailyLake;
import io.quotelake.benchmark.lake.WrongLakeException;
import io.quotelake.benchmark.measure.Figures;
import io.quotelake.benchmark.measure.ProcessMeter;
import io.quotelake.benchmark.measure.Runs;
import io.quotelake.benchmark.measure.Target;
import io.quotelake.benchmark.report.Result;
import io.quotelake.local.process.JavaCommand;
import io.quotelake.local.stack.Installation;
import io.quotelake.terminal.Failure;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

/** The page over the full history by day, in a real browser. */
public final class Dashboard implements Scenario {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DASHBOARD = "the dashboard";
    private static final int NEW_FILES = 1_000;
    private static final String READ = "s to read the lake once";
    private static final String FIRST_PAINT = "first paint ms";
    private static final String CHANGE = "change of index or range ms";
    private static final String SLOWEST_CHANGE = "slowest change ms";
    private static final String REFRESH = "1,000 new files ms";
    private static final String MEMORY = "dashboard peak MiB";

    @Override
    public String name() {
        return "dashboard";
    }

    @Override
    public Result run(Setup setup) throws IOException {
        Installation installation = setup.testBed().installation();
        Path chromium = program("chromium", "chromium-browser", "google-chrome");
        DailyLake lake =
                new DailyLake(
                        setup.testBed().directory().resolve("dashboard/stock_market"),
                        installation.dataSet());
        Runs runs = new Runs();
        for (int round = 1; round <= setup.rounds(); round++) {
            Figures figures = measure(installation, chromium, lake);
            setup.log().accept(name() + " " + figures.values());
            runs.add(DASHBOARD, round, figures);
        }
        return Result.of(
                name(),
                "Dashboard: the full history by day in a browser",
                """
                %,d files of one row, read by a new process with a heap of 192 MB, and looked at in Chromium without
                a graphics processor, 1280 by 900. First paint: the slowest of the four views, from the request of the page to
                the frame in which all of it has data. Change: each of %d indices over five years and over all of them,
                and each range, two seconds after the one before, to the frame in which all on the screen shows it.
                %,d new files: from the last one in place to the frame in which all on the screen shows them, without
                anybody asking. Rows and days of each index are counted in what the page gets, before and after."""
                        .formatted(lake.size(), lake.days().size(), NEW_FILES),
                runs,
                Stream.of(
                                Map.entry(FIRST_PAINT, 3_000),
                                Map.entry(CHANGE, 100),
                                Map.entry(REFRESH, 1_000),
                                Map.entry(MEMORY, 700))
                        .map(
                                one ->
                                        Target.atMost(
                                                one.getKey(),
                                                one.getValue(),
                                                runs.of(DASHBOARD, one.getKey())
                                                        .orElseThrow()
                                                        .median()))
                        .toList());
    }

    private static Figures measure(Installation installation, Path chromium, DailyLake lake)
            throws IOException {
        long begin = System.nanoTime();
        Process dashboard =
                new ProcessBuilder(
                                new JavaCommand()
                                        .options("-Xmx192m", "-XX:+UseSerialGC")
                                        .jar(installation.dashboardJar())
                                        .arguments("--lake", lake.table().toString())
                                        .arguments("--port", "0")
                                        .words())
                        .redirectError(Redirect.INHERIT)
                        .start();
        try (ProcessMeter meter = new ProcessMeter(dashboard.pid());
                BufferedReader said = dashboard.inputReader(StandardCharsets.UTF_8)) {
            URI address = URI.create(said.readLine().replaceFirst("Dashboard: ", ""));
            awaitRows(address, lake.size());
            Figures figures = new Figures().put(READ, (System.nanoTime() - begin) / 1e9);
            check(address, lake);
            browse(installation, chromium, address, lake, figures);
            check(address, lake);
            return figures.putUse("dashboard", meter.stop());
        } finally {
            dashboard.destroy();
            dashboard.onExit().join();
        }
    }

    private static void browse(
            Installation installation, Path chromium, URI address, DailyLake lake, Figures figures)
            throws IOException {
        Process browser =
                new ProcessBuilder(
                                "node",
                                installation
                                        .home()
                                        .resolve("benchmark/runner/src/main/page/dashboard.mjs")
                                        .toString(),
                                installation.built("dashboard/target/page").toString(),
                                chromium.toString(),
                                address.toString())
                        .redirectError(Redirect.INHERIT)
                        .start();
        try (BufferedReader said = browser.inputReader(StandardCharsets.UTF_8);
                BufferedWriter told = browser.outputWriter(StandardCharsets.UTF_8)) {
            if (!"ready".equals(said.readLine())) {
                throw Failure.atRunTime("the browser did not see the whole page: see above");
            }
            lake.add(NEW_FILES);
            told.write("%d %d%n".formatted(lake.size(), System.currentTimeMillis()));
            told.flush();
            JsonNode seen = JSON.readTree(said.readLine());
            for (String figure : new String[] {FIRST_PAINT, CHANGE, SLOWEST_CHANGE, REFRESH}) {
                figures.put(figure, seen.path(figure).asDouble());
            }
        } finally {
            browser.destroy();
            browser.onExit().join();
        }
    }

    /** Each event is a state; the first in which all files are read ends it. */
    private static void awaitRows(URI address, long rows) throws IOException {
        try (BufferedReader events =
                new BufferedReader(
                        new InputStreamReader(
                                address.resolve("/api/events").toURL().openStream(),
                                StandardCharsets.UTF_8))) {
            String line;
            do {
                line = events.readLine();
            } while (line.isEmpty()
                    || JSON.readTree(line.substring("data: ".length())).at("/lake/quotes").asLong()
                            != rows);
        }
    }

    private static void check(URI address, DailyLake lake) throws IOException {
        JsonNode counts = rows(address, "exactly_once?").path(0);
        if (counts.path(0).asLong() != lake.size()) {
            throw new WrongLakeException(
                    "the page counts %s rows, not %,d".formatted(counts.path(0), lake.size()));
        }
        for (Map.Entry<String, Long> index : lake.days().entrySet()) {
            int days =
                    rows(
                                    address,
                                    "prices?index=%s&from=1900-01-01&to=2999-12-31&rows=history&letters=10"
                                            .formatted(
                                                    URLEncoder.encode(
                                                            index.getKey(),
                                                            StandardCharsets.UTF_8)))
                            .size();
            if (days != index.getValue()) {
                throw new WrongLakeException(
                        "the page has %,d days of %s, not %,d"
                                .formatted(days, index.getKey(), index.getValue()));
            }
        }
    }

    private static JsonNode rows(URI address, String question) throws IOException {
        return JSON.readTree(address.resolve("/api/charts/" + question).toURL()).path("rows");
    }

    private static Path program(String... names) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> Arrays.stream(names).map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(
                        () ->
                                Failure.atRunTime(
                                        "no Chromium is installed (Debian: apt install chromium)"));
    }
}
