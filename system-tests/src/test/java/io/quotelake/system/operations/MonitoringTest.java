package io.quotelake.system.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quotelake.local.process.ProgramPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Alert rules, dashboard and runbook agree with each other. */
class MonitoringTest {
    private static final Path HOME = Path.of(System.getProperty("quotelake.home"));
    private static final Path MONITORING = HOME.resolve("monitoring");
    private static final Path RULES = MONITORING.resolve("prometheus/rules.yml");

    @Test
    void eachAlertFiresForItsFaultAndIsSilentOtherwise() throws Exception {
        Optional<Path> promtool = ProgramPath.find("promtool");
        assumeTrue(promtool.isPresent(), "promtool is not installed (Debian: prometheus)");

        Process test =
                new ProcessBuilder(promtool.get().toString(), "test", "rules", "rules-test.yml")
                        .directory(RULES.getParent().toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(test.getInputStream().readAllBytes());

        assertThat(test.waitFor()).as(output).isZero();
    }

    @Test
    void eachAlertHasItsTestAndItsChapterInTheRunbook() throws IOException {
        Set<String> alerts = all(RULES, "alert: (\\w+)");

        assertThat(alerts).hasSizeGreaterThanOrEqualTo(8);
        assertThat(all(RULES.resolveSibling("rules-test.yml"), "alertname: (\\w+)"))
                .isEqualTo(alerts);
        assertThat(all(HOME.resolve("docs/operations.md"), "(?m)^### (Quotelake\\w+)"))
                .isEqualTo(alerts);
    }

    @Test
    void theDashboardHasFiveRowsAndAsksOnlyForNamesOfTheRules() throws IOException {
        JsonNode dashboard =
                new ObjectMapper()
                        .readTree(MONITORING.resolve("grafana/dashboards/quotelake.json").toFile());
        List<String> rows = new ArrayList<>();
        for (JsonNode panel : dashboard.path("panels")) {
            if (panel.path("type").asText().equals("row")) {
                rows.add(panel.path("title").asText());
            }
        }
        Set<String> asked =
                dashboard.findValuesAsText("expr").stream()
                        .flatMap(
                                expression ->
                                        Pattern.compile("quotelake:\\w+(:\\w+)?")
                                                .matcher(expression)
                                                .results())
                        .map(match -> match.group())
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(rows)
                .containsExactly(
                        "Is it healthy?",
                        "How fast?",
                        "How late?",
                        "What is rejected?",
                        "What does it cost?");
        assertThat(all(RULES, "record: (\\S+)")).containsAll(asked);
    }

    private static Set<String> all(Path file, String pattern) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(file))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
