package io.quotelake.verifier.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UntilTest {

    @Test
    void itIsTheEndOffsetsATimeOrAGroup() {
        assertThat(Until.parse("latest")).isEqualTo(Until.LATEST);
        assertThat(Until.parse("0:1200,1:900").offsets()).isEqualTo(Map.of(0, 1200L, 1, 900L));
        assertThat(Until.parse("2026-01-05T09:30:00Z").time())
                .isEqualTo(Instant.parse("2026-01-05T09:30:00Z"));
        assertThat(Until.parse("group:again").group()).isEqualTo("again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "now", "0:", "0:12,1", "0-12", "group:", "yesterday", "-1:5"})
    void anythingElseIsRefusedWithWhatIsAccepted(String text) {
        assertThatThrownBy(() -> Until.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'" + text + "' is neither 'latest', nor offsets");
    }
}
