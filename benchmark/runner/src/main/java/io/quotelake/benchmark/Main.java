package io.quotelake.benchmark;

import io.quotelake.benchmark.report.Results;
import io.quotelake.benchmark.scenario.Compression;
import io.quotelake.benchmark.scenario.Dashboard;
import io.quotelake.benchmark.scenario.Freshness;
import io.quotelake.benchmark.scenario.History;
import io.quotelake.benchmark.scenario.HistoryPeers;
import io.quotelake.benchmark.scenario.Live;
import io.quotelake.benchmark.scenario.ManyFolders;
import io.quotelake.benchmark.scenario.ProducerRate;
import io.quotelake.benchmark.scenario.Recovery;
import io.quotelake.benchmark.scenario.ScaleFileSize;
import io.quotelake.benchmark.scenario.ScaleFiles;
import io.quotelake.benchmark.scenario.ScaleLimit;
import io.quotelake.benchmark.scenario.ScaleRows;
import io.quotelake.benchmark.scenario.ScaleSlots;
import io.quotelake.benchmark.scenario.Scenario;
import io.quotelake.benchmark.scenario.Setup;
import io.quotelake.benchmark.testbed.TestBed;
import io.quotelake.local.stack.Installation;
import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quotelake bench}: measures Quotelake beside what people would use instead. */
@Command(
        name = "quotelake bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Measures Quotelake beside what people would use instead, on this machine. Writes"
                        + " benchmark/results/*.json and charts, and benchmark/RESULTS.md.")
public final class Main implements Callable<Integer> {
    private static final List<Scenario> SCENARIOS =
            List.of(
                    new Live(),
                    new Compression(),
                    new History(),
                    new HistoryPeers(),
                    ManyFolders.months(),
                    ManyFolders.wide(),
                    new Freshness(),
                    new ProducerRate(),
                    new ScaleRows(),
                    new ScaleSlots(),
                    new ScaleFiles(),
                    new ScaleLimit(),
                    new ScaleFileSize(),
                    new Recovery(),
                    new Dashboard());

    @Parameters(
            paramLabel = "SCENARIO",
            description = "Which to run; all by default: ${COMPLETION-CANDIDATES}.",
            completionCandidates = ScenarioNames.class)
    private List<String> names = List.of();

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "Rows a run, instead of each scenario's own number.")
    private Long rows;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "5",
            description = "Measured runs of each contestant (default: ${DEFAULT-VALUE}).")
    private int runs;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "Where results go (default: benchmark).")
    private Path results;

    @Option(
            names = "--render",
            description = "Measure nothing: draw charts and page again from the JSON files.")
    private boolean render;

    private Main() {}

    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT);
        System.exit(
                new CommandLine(new Main())
                        .setParameterExceptionHandler(Main::wrongUse)
                        .setExecutionExceptionHandler(Main::failed)
                        .execute(args));
    }

    @Override
    public Integer call() throws IOException {
        List<Scenario> chosen = chosen();
        Installation installation = Installation.current();
        Path home = installation.home();
        Results kept = new Results(results == null ? home.resolve("benchmark") : results);
        if (!render) {
            measure(chosen, installation, kept);
        }
        kept.render(SCENARIOS.stream().map(Scenario::name).toList());
        System.out.println("Results: " + kept.page());
        return 0;
    }

    private void measure(List<Scenario> chosen, Installation installation, Results kept)
            throws IOException {
        Consumer<String> log = System.out::println;
        try (TestBed testBed =
                TestBed.start(installation, installation.home().resolve(".quotelake/bench"))) {
            OptionalLong asked = rows == null ? OptionalLong.empty() : OptionalLong.of(rows);
            for (Scenario scenario : chosen) {
                log.accept("--- " + scenario.name());
                var result = scenario.run(new Setup(testBed, runs, asked, log));
                kept.put(result);
                testBed.deleteTopics();
                result.targets()
                        .forEach(
                                target ->
                                        log.accept(
                                                "%s: %s asked, %s shown: %s"
                                                        .formatted(
                                                                target.what(),
                                                                target.asked(),
                                                                target.shown(),
                                                                target.met() ? "met" : "MISSED")));
            }
        }
    }

    private List<Scenario> chosen() {
        if (runs < 1 || rows != null && rows < 1) {
            throw Failure.ofUse("--runs and --rows are at least 1");
        }
        for (String name : names) {
            if (SCENARIOS.stream().noneMatch(scenario -> isMeant(scenario, name))) {
                String all =
                        SCENARIOS.stream().map(Scenario::name).collect(Collectors.joining(", "));
                throw Failure.ofUse("No scenario is called '" + name + "': there are " + all);
            }
        }
        return SCENARIOS.stream()
                .filter(
                        one ->
                                names.isEmpty()
                                        || names.stream().anyMatch(name -> isMeant(one, name)))
                .toList();
    }

    /** {@code scale}, which is no scenario's whole name, means all whose names begin with it. */
    private static boolean isMeant(Scenario scenario, String name) {
        return scenario.name().equals(name)
                || name.equals("scale") && scenario.name().startsWith("scale-");
    }

    private static int wrongUse(CommandLine.ParameterException e, String[] args) {
        System.err.println(e.getMessage() + ". See ./quotelake bench --help");
        return 2;
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed)
            throws Exception {
        if (e instanceof Failure failure) {
            System.err.println("quotelake bench: " + failure.getMessage());
            return failure.exitCode();
        }
        throw e;
    }

    private static final class ScenarioNames implements Iterable<String> {
        @Override
        public java.util.Iterator<String> iterator() {
            return SCENARIOS.stream().map(Scenario::name).iterator();
        }
    }
}
