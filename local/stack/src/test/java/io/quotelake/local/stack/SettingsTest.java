package io.quotelake.local.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    @TempDir Path home;

    @Test
    void readsTheFileAsShellsDo() throws IOException {
        Files.writeString(
                home.resolve(".env"),
                """
                # where the broker is
                export KAFKA_BOOTSTRAP_SERVERS="broker:9092"

                KAFKA_TOPIC = 'quotes'
                AWS_S3_BUCKET=lake-1 # a remark
                """);

        Settings settings = Settings.of(home, Map.of());

        assertThat(settings.brokers()).contains("broker:9092");
        assertThat(settings.topic()).isEqualTo("quotes");
        assertThat(settings.bucket()).isEqualTo("lake-1");
    }

    @Test
    void theEnvironmentWinsOverTheFile() throws IOException {
        Files.writeString(home.resolve(".env"), "KAFKA_TOPIC=of-the-file\n");

        assertThat(Settings.of(home, Map.of("KAFKA_TOPIC", "of-the-environment")).topic())
                .isEqualTo("of-the-environment");
    }

    @Test
    void whatIsNotSetIsThatOfTheStackThatRuns() {
        Settings settings =
                Settings.of(home, Map.of("KAFKA_TOPIC", "quotes")).orElse("of-the-stack", "lake-2");

        assertThat(settings.topic()).isEqualTo("quotes");
        assertThat(settings.bucket()).isEqualTo("lake-2");
    }

    @Test
    void whatIsNotSetHasTheNamesOfTheDesign() {
        Settings settings = Settings.of(home, Map.of("KAFKA_TOPIC", " "));

        assertThat(settings.brokers()).isEmpty();
        assertThat(settings.topic()).isEqualTo("stock_market");
        assertThat(settings.bucket()).isEqualTo("quotelake");
    }

    @Test
    void aByteOrderMarkAndARemarkBehindQuotesArePassedOver() throws IOException {
        Files.writeString(
                home.resolve(".env"),
                "\uFEFFKAFKA_TOPIC='a.b' # c\r\nAWS_S3_BUCKET=\"lake\"\r\nOTHER=x\r\n");

        Settings settings = Settings.of(home, Map.of());

        assertThat(settings.topic()).isEqualTo("a.b");
        assertThat(settings.bucket()).isEqualTo("lake");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AWS_S3_BUCKETT=lake",
                "AWS_S3_BUCKET=../../etc",
                "AWS_S3_BUCKET=Lake",
                "KAFKA_TOPIC=a/b",
                "KAFKA_TOPIC=..",
                "KAFKA_TOPICS=quotes",
                "KAFKA_TOPIC=\"quotes"
            })
    void whatCannotBeMeantIsRefusedByName(String line) throws IOException {
        Files.writeString(home.resolve(".env"), line + "\n");

        assertThatThrownBy(() -> Settings.of(home, Map.of()))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(line.substring(0, line.indexOf('=')));
    }

    @Test
    void aDirectoryAndBytesThatAreNoTextAreRefused() throws IOException {
        Files.write(home.resolve(".env"), new byte[] {'A', '=', (byte) 0xFF});
        assertThatThrownBy(() -> Settings.of(home, Map.of())).hasMessageContaining("UTF-8");

        Files.delete(home.resolve(".env"));
        Files.createDirectory(home.resolve(".env"));
        assertThatThrownBy(() -> Settings.of(home, Map.of())).hasMessageContaining("directory");
    }

    @Test
    void aLineThatSetsNothingIsNamed() throws IOException {
        Files.writeString(home.resolve(".env"), "KAFKA_TOPIC stock_market\n");

        assertThatThrownBy(() -> Settings.of(home, Map.of()))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("KAFKA_TOPIC stock_market");
    }
}
