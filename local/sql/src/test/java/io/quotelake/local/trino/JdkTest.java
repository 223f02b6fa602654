package io.quotelake.local.trino;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdkTest {
    @TempDir Path home;

    @Test
    void theRunningJdkIsFoundWithItsVersion() {
        assertThat(Jdk.at(Path.of(System.getProperty("java.home"))))
                .hasValueSatisfying(
                        jdk -> {
                            assertThat(jdk.feature()).isEqualTo(Runtime.version().feature());
                            assertThat(jdk.java()).isExecutable();
                        });
    }

    @Test
    void aDirectoryWithoutAProgramIsNone() throws IOException {
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");

        assertThat(Jdk.at(home)).isEmpty();
    }

    @Test
    void oneThatDoesNotExistYetIsAskedForInOneLine() {
        assertThatThrownBy(() -> Jdk.atLeast(999))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("JDK 999 or newer")
                .message()
                .doesNotContain("\n");
    }
}
