package io.quotelake.local.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class LagTest {

    @Test
    void itGoesUpToTheNewestRecordAndNamesWhoHoldsSomeBack() {
        assertThat(new Lag(1_200, 0, Optional.empty())).hasToString("1,200");
        assertThat(new Lag(1_200, 34, Optional.of("producer id 7")))
                .hasToString("1,234, 34 of them behind an open transaction of producer id 7");
        assertThat(new Lag(0, 5, Optional.empty()).toString())
                .isEqualTo(
                        "5, 5 of them behind an open transaction of a producer that the broker does not name");
    }
}
