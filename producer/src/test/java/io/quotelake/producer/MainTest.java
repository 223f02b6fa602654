package io.quotelake.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.producer.csv.CsvText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MainTest {

    @TempDir Path directory;
    private String csv;

    @BeforeEach
    void writeCsv() throws IOException {
        csv =
                CsvText.write(
                                directory,
                                CsvText.HEADER
                                        + CsvText.row("NYA", "2008-01-02", 1)
                                        + CsvText.row("NYA", "2008-01-03", 2)
                                        + CsvText.row("HSI", "2008-01-01", 3)
                                        + CsvText.row("HSI", "2008-01-02", 4)
                                        + CsvText.row("HSI", "2008-01-05", 5))
                        .toString();
    }

    @Test
    void dryRunPrintsTheQuotesAndNothingElseToStandardOutput() {
        Run run = Run.of("replay", csv, "--dry-run");

        assertThat(run.code()).isZero();
        assertThat(opens(run.out())).containsExactly("1.5", "2.5", "3.5", "4.5", "5.5");
        assertThat(run.err()).contains("Sent 5 rows to standard output", "rejected 0");
    }

    @Test
    void ordersByDateAcrossIndicesAndKeepsTheFilesOrderWithinADay() {
        Run run = Run.of("replay", csv, "--dry-run", "--order", "date", "--loop", "2");

        assertThat(opens(run.out()))
                .containsExactly(
                        "3.5", "1.5", "4.5", "2.5", "5.5", "3.5", "1.5", "4.5", "2.5", "5.5");
        assertThat(run.err()).contains("Holding 5 rows");
    }

    @Test
    void loopsUpToTheLimit() {
        Run run = Run.of("replay", csv, "--dry-run", "--loop", "forever", "--limit", "7");

        assertThat(opens(run.out()))
                .containsExactly("1.5", "2.5", "3.5", "4.5", "5.5", "1.5", "2.5");
    }

    @Test
    void loopingForeverEndsWhenNoRowIsSelected() {
        Run run = Run.of("replay", csv, "--dry-run", "--loop", "forever", "--index", "N225");

        assertThat(run.code()).isZero();
        assertThat(run.err()).contains("Sent 0 rows", "5 not selected");
    }

    @Test
    void redatesRowsAndKeepsTheirNumbers() {
        Run today = Run.of("replay", csv, "--dry-run", "--as-of", "today", "--limit", "1");
        Run day = Run.of("replay", csv, "--dry-run", "--as-of", "2030-02-01");

        assertThat(today.out()).contains("\"date\":\"" + LocalDate.now(ZoneOffset.UTC) + "\"");
        assertThat(day.out().lines()).allMatch(line -> line.contains("\"date\":\"2030-02-01\""));
        assertThat(opens(day.out())).containsExactly("1.5", "2.5", "3.5", "4.5", "5.5");
    }

    @Test
    void samplesTheSameRowsFromTheSameSeed() {
        String[] arguments = {
            "sample", csv, "--dry-run", "--rate", "100000/s", "--limit", "200", "--seed", "42"
        };
        Run run = Run.of(arguments);

        assertThat(opens(run.out()))
                .hasSize(200)
                .containsOnly("1.5", "2.5", "3.5", "4.5", "5.5")
                .contains("1.5", "2.5", "3.5", "4.5", "5.5");
        assertThat(Run.of(arguments).out()).isEqualTo(run.out());
        arguments[8] = "43";
        assertThat(Run.of(arguments).out()).isNotEqualTo(run.out());
    }

    @Test
    void speedFollowsTheCalendarByDateOrder() {
        long start = System.nanoTime();
        Run run = Run.of("replay", csv, "--dry-run", "--speed", "20d/s");
        double seconds = (System.nanoTime() - start) / 1e9;

        assertThat(opens(run.out())).startsWith("3.5", "1.5", "4.5");
        assertThat(seconds).as("four days at 20 a second").isGreaterThan(0.2);
    }

    @ParameterizedTest
    @MethodSource
    void wrongUseIsOneLineAndExitCode2(List<String> arguments, String message) {
        Run run = Run.of(arguments.stream().map(a -> a.replace("CSV", csv)).toArray(String[]::new));

        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith("quotelake-producer: ").contains(message);
        assertThat(run.out()).isEmpty();
    }

    static Stream<Arguments> wrongUseIsOneLineAndExitCode2() {
        return Stream.of(
                wrong("replay or sample"),
                wrong("--unknown", "replay", "CSV", "--unknown"),
                wrong("there is no file absent.csv", "replay", "absent.csv"),
                wrong("has no .csv", "replay", "."),
                wrong("at least 1", "replay", "CSV", "--limit", "0"),
                wrong("forever", "replay", "CSV", "--loop", "often"),
                wrong("500/s", "replay", "CSV", "--rate", "often"),
                wrong("two paces", "replay", "CSV", "--rate", "1/s", "--speed", "1d/s"),
                wrong("1986-12-31", "replay", "CSV", "--from", "31/12/1986"),
                wrong(
                        "--from must not be after",
                        "replay",
                        "CSV",
                        "--from",
                        "2009-01-01",
                        "--to",
                        "2008-01-01"),
                wrong("today", "replay", "CSV", "--as-of", "yesterday"),
                wrong("doesn't describe a date", "replay", "CSV", "--date-format", "HH:mm"),
                wrong("doesn't describe a date", "replay", "CSV", "--date-format", "foo"),
                wrong("names the CSV itself", "replay", "CSV", "--rejects", "CSV"),
                wrong("it is always all", "replay", "CSV", "--kafka-property", "acks=1"),
                wrong(
                        "say the same thing",
                        "replay",
                        "CSV",
                        "--compression",
                        "gzip",
                        "--kafka-property",
                        "compression.type=lz4"),
                wrong("properties file", "replay", "CSV", "--kafka-config", "absent"),
                wrong("--create-topic", "replay", "CSV", "--partitions", "3"),
                wrong("can't be read again", "replay", "-", "--transactional-id", "a"),
                wrong("only once", "replay", "-", "--loop", "2"),
                wrong("is empty", "replay", "CSV", "--topic", ""),
                wrong(
                        "Kafka at nonsense refuses",
                        "replay",
                        "CSV",
                        "--bootstrap-servers",
                        "nonsense"));
    }

    private static Arguments wrong(String message, String... arguments) {
        return Arguments.of(List.of(arguments), message);
    }

    @Test
    void helpIsForStandardOutput() {
        assertThat(Run.of("replay", "--help").out()).contains("--transactional-id");
        assertThat(Run.of("--help").code()).isZero();
    }

    private static List<String> opens(String json) {
        return json.lines().map(line -> line.replaceAll(".*\"open\":([^,]*),.*", "$1")).toList();
    }
}
