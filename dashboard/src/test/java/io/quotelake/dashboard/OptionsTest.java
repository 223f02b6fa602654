package io.quotelake.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class OptionsTest {
    private static final String TRINO = "jdbc:trino://127.0.0.1:8080/hive/quotes";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--topic=t | --engine local needs --lake",
                "--engine=trino | --engine trino needs --url",
                "--engine=athena --workgroup=w | --engine athena needs --database",
                "--engine=trino --url=jdbc:trino://h/c/s --lake=x | --lake goes with --engine local, not trino",
                "--lake=x --workgroup=w | --workgroup goes with --engine athena, not local",
                "--lake=x --refresh=5 | --refresh is a number of seconds from 1 on, with --engine trino or athena",
                "--engine=trino --url=http://h:8080 | --url is 'http://h:8080': it is jdbc:trino://HOST:PORT/CATALOG/SCHEMA, with ?user=… or what else the driver needs",
            })
    void refusesOptionsThatDontGoTogether(String words, String sentence) {
        Options options = parsed(words.split(" "));
        assertThatThrownBy(options::engine)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }

    @Test
    void namesWhatAnswers(@TempDir Path folder) {
        try (Engine local = parsed("--lake=" + folder).engine();
                Engine trino = parsed("--engine=trino", "--url=" + TRINO + "?user=me").engine()) {
            assertThat(local.name()).isEqualTo("DuckDB over " + folder);
            assertThat(local.costs()).isFalse();
            assertThat(trino.name()).isEqualTo("Trino at 127.0.0.1:8080/hive/quotes");
            assertThat(trino.costs()).isTrue();
        }
    }

    @Test
    void anAnswerThatFailedIsAskedForAgainSoon() {
        try (Engine nobody =
                parsed("--engine=trino", "--url=jdbc:trino://127.0.0.1:1/hive/quotes").engine()) {
            assertThat(nobody.rest()).hasSeconds(30);
            assertThatThrownBy(() -> nobody.query("SELECT 1", List.of()))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageStartingWith("Trino has no answer: ");
            assertThat(nobody.rest()).hasSeconds(5);
        }
    }

    private static Options parsed(String... words) {
        Options options = new Options();
        new CommandLine(options).parseArgs(words);
        return options;
    }
}
