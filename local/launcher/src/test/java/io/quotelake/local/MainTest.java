package io.quotelake.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final PrintStream standardError = System.err;

    @BeforeEach
    void keepErrors() {
        System.setErr(new PrintStream(errors, true));
    }

    @AfterEach
    void restore() {
        System.setErr(standardError);
    }

    @ParameterizedTest
    @CsvSource({
        "up --frobnicate, --frobnicate",
        "frobnicate, frobnicate",
        "up --kafka-port nine, nine",
        "demo --csv /not/there.csv, /not/there.csv",
        "demo --s3-writer other, other",
        "submit --checkpoint /chk-1, --resume",
        "submit --job 1234, --resume",
        "submit --parallelism -1, -1",
        "verify --start-from 2026-01-05T09:30:00Z --bootstrap-servers 127.0.0.1:1, 127.0.0.1:1",
        "verify --start-from yesterday, yesterday",
        "dead-letters --bootstrap-servers 127.0.0.1:1, 127.0.0.1:1"
    })
    void wrongUseIsOneLineThatNamesWhatWasGiven(String command, String named) {
        int exitCode = Main.execute(command.split(" "));

        assertThat(exitCode).isEqualTo(2);
        assertThat(errors.toString().lines()).singleElement().asString().contains(named);
    }

    @Test
    void noCommandIsWrongUse() {
        assertThat(Main.execute()).isEqualTo(2);
        assertThat(errors.toString()).contains("No command was given");
    }
}
