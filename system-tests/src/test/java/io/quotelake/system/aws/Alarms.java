package io.quotelake.system.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What CloudWatch makes of the figures that a host's program gives it, by the rules of {@code
 * aws/alarms.json}: an alarm rings when the figure of each of its last periods is beyond its
 * threshold. Each look stands for one period of every alarm.
 */
final class Alarms {
    private final ScratchHost host;
    private final String environment;
    private final String program;
    private final Path given;
    private final JsonNode rules;
    private final List<Map<String, Double>> periods = new ArrayList<>();

    /**
     * @param environment the file that the program's unit names as its environment
     * @param program the host's program that gives figures
     * @param given where the stand-in for the AWS client keeps them
     * @param kind whose alarms: {@code job} or {@code broker}
     */
    Alarms(ScratchHost host, String environment, String program, Path given, String kind)
            throws IOException {
        this.host = host;
        this.environment = environment;
        this.program = program;
        this.given = given;
        this.rules =
                new ObjectMapper()
                        .readTree(Path.of(ScratchHost.script("alarms.json")).toFile())
                        .get(kind);
    }

    /** What the host gives now; counts as no period. */
    Map<String, Double> figures() {
        try {
            ScratchHost.Outcome outcome = host.runProgram(environment, program);
            assertThat(outcome.exitCode()).as(outcome.output()).isZero();
            Map<String, Double> figures = new HashMap<>();
            for (String line : Files.readAllLines(given)) {
                String[] words = line.split("[=,]");
                figures.put(words[1], Double.parseDouble(words[5]));
            }
            return figures;
        } catch (IOException e) {
            throw new AssertionError(program, e);
        }
    }

    /** Looks that often; returns which alarms ring then. */
    Set<String> ringingAfter(int looks) {
        for (int look = 1; look < looks; look++) {
            periods.add(figures());
        }
        return ringing(figures());
    }

    private Set<String> ringing(Map<String, Double> last) {
        periods.add(last);
        Set<String> ringing = new TreeSet<>();
        rules.properties()
                .forEach(
                        rule -> {
                            if (rings(rule.getValue())) {
                                ringing.add(rule.getKey());
                            }
                        });
        return ringing;
    }

    /** Looks once, for that many periods: where a look takes most of a minute. */
    Set<String> ringingIfAllStaysSo(int looks) {
        Map<String, Double> figures = figures();
        for (int look = 1; look < looks; look++) {
            periods.add(figures);
        }
        return ringing(figures);
    }

    private boolean rings(JsonNode rule) {
        int wanted = rule.get("periods").asInt();
        return periods.size() >= wanted
                && series(rule).subList(periods.size() - wanted, periods.size()).stream()
                        .allMatch(value -> beyond(value, rule));
    }

    private static boolean beyond(Double value, JsonNode rule) {
        if (value == null) {
            return rule.get("missing").asText().equals("breaching");
        }
        return rule.has("above")
                ? value > rule.get("above").asDouble()
                : value < rule.get("below").asDouble();
    }

    /** The rule's figure in each period; null where there is none. */
    private List<Double> series(JsonNode rule) {
        Function<String, List<Double>> figure =
                id ->
                        periods.stream()
                                .map(period -> period.get(rule.at("/figures/" + id).asText()))
                                .toList();
        String expression = rule.path("expression").asText();
        return switch (expression) {
            case "" -> figure.apply(rule.get("figures").fieldNames().next());
            case "DIFF(restarts)" -> growth(figure.apply("restarts"));
            case "IF(DIFF(rows) > 0 AND DIFF(files) <= 0, 1, 0)" ->
                    both(
                            growth(figure.apply("rows")),
                            growth(figure.apply("files")),
                            (rows, files) -> rows > 0 && files <= 0 ? 1.0 : 0.0);
            case "IF(DIFF(letters) > 0, 100 * DIFF(letters) / (DIFF(letters) + DIFF(rows)), 0)" ->
                    both(
                            growth(figure.apply("letters")),
                            growth(figure.apply("rows")),
                            (letters, rows) ->
                                    letters > 0 ? 100 * letters / (letters + rows) : 0.0);
            default -> throw new AssertionError("An expression without a reading here: " + rule);
        };
    }

    /** CloudWatch's DIFF: against the value before, whichever period that is of. */
    private static List<Double> growth(List<Double> values) {
        List<Double> growth = new ArrayList<>();
        Double before = null;
        for (Double value : values) {
            growth.add(value == null || before == null ? null : Double.valueOf(value - before));
            before = value == null ? before : value;
        }
        return growth;
    }

    private static List<Double> both(List<Double> one, List<Double> other, Formula formula) {
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < one.size(); i++) {
            values.add(
                    one.get(i) == null || other.get(i) == null
                            ? null
                            : formula.apply(one.get(i), other.get(i)));
        }
        return values;
    }

    private interface Formula {
        Double apply(double one, double other);
    }
}
