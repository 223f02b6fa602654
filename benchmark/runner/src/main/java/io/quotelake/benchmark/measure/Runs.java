package io.quotelake.benchmark.measure;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** All measured runs of a scenario, in the order in which they were run. */
public final class Runs {
    private final List<Run> runs;

    public Runs() {
        this(List.of());
    }

    public Runs(List<Run> runs) {
        this.runs = new ArrayList<>(runs);
    }

    public void add(String contestant, int round, Figures figures) {
        runs.add(new Run(contestant, round, figures.values()));
    }

    public List<Run> all() {
        return List.copyOf(runs);
    }

    /** How many measured runs each contestant has. */
    public int rounds() {
        return runs.stream().mapToInt(Run::round).max().orElse(0);
    }

    /** Who ran, in the order of the first runs. */
    public Set<String> contestants() {
        return runs.stream()
                .map(Run::contestant)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Every figure that any run showed. */
    public Set<String> figures() {
        return runs.stream()
                .flatMap(run -> run.figures().keySet().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** A contestant's values of a figure; empty if it showed none. */
    public Optional<Distribution> of(String contestant, String figure) {
        List<Double> values =
                runs.stream()
                        .filter(
                                run ->
                                        run.contestant().equals(contestant)
                                                && run.figures().containsKey(figure))
                        .map(run -> run.figures().get(figure))
                        .toList();
        return values.isEmpty() ? Optional.empty() : Optional.of(new Distribution(values));
    }

    /**
     * One contestant's figure over another one's, of each round in which both ran: pairs share the
     * machine's mood.
     */
    public Distribution ratios(String contestant, String other, String figure) {
        List<Double> ratios = new ArrayList<>();
        for (Run run : runs) {
            if (run.contestant().equals(contestant)) {
                inRound(other, run.round())
                        .ifPresent(
                                pair ->
                                        ratios.add(
                                                run.figures().get(figure)
                                                        / pair.figures().get(figure)));
            }
        }
        return new Distribution(ratios);
    }

    private Optional<Run> inRound(String contestant, int round) {
        return runs.stream()
                .filter(run -> run.contestant().equals(contestant) && run.round() == round)
                .findFirst();
    }
}
