package io.quotelake.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
                AWS_S3_BUCKET=lake=1
                """);

        Settings settings = Settings.of(home, Map.of());

        assertThat(settings.brokers()).contains("broker:9092");
        assertThat(settings.topic()).isEqualTo("quotes");
        assertThat(settings.bucket()).isEqualTo("lake=1");
    }

    @Test
    void theEnvironmentWinsOverTheFile() throws IOException {
        Files.writeString(home.resolve(".env"), "KAFKA_TOPIC=of-the-file\n");

        assertThat(Settings.of(home, Map.of("KAFKA_TOPIC", "of-the-environment")).topic())
                .isEqualTo("of-the-environment");
    }

    @Test
    void whatIsNotSetHasTheNamesOfTheDesign() {
        Settings settings = Settings.of(home, Map.of("KAFKA_TOPIC", " "));

        assertThat(settings.brokers()).isEmpty();
        assertThat(settings.topic()).isEqualTo("stock_market");
        assertThat(settings.bucket()).isEqualTo("quotelake");
    }

    @Test
    void aLineThatSetsNothingIsNamed() throws IOException {
        Files.writeString(home.resolve(".env"), "KAFKA_TOPIC stock_market\n");

        assertThatThrownBy(() -> Settings.of(home, Map.of()))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("KAFKA_TOPIC stock_market");
    }
}
