package io.quotelake.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChartTest {
    private static final Map<String, String> GIVEN =
            Map.of(
                    "index", "HSI",
                    "from", "2008-09-15",
                    "to", "2009-03-31",
                    "rows", "history",
                    "letters", "10");

    private final Chart prices = Chart.of("dashboard/prices");

    @Test
    void bindsTheValuesThatItsCommentNames() {
        assertThat(prices.values(GIVEN))
                .containsExactly(
                        "HSI", "2007", "2009-03-31", "history", 10, "2008-09-15", "2009-03-31");
        assertThat(prices.sql().replaceAll("--.*", "").chars().filter(c -> c == '?').count())
                .isEqualTo(prices.parameters().size());
    }

    @Test
    void showsTheSqlWithItsValues() {
        assertThat(prices.withValues(prices.values(GIVEN)))
                .contains("WHERE index = 'HSI' AND date >= '2007' AND date <= '2009-03-31'")
                .doesNotContain(" ?")
                .doesNotContain("Parameters");
        assertThat(Chart.literal("it's")).isEqualTo("'it''s'");
    }

    @ParameterizedTest
    @CsvSource({
        "index, ../secret",
        "index, HSI' OR 1=1",
        "index, ''",
        "from, yesterday",
        "from, 2008-02-30",
        "to, ''",
        "rows, some",
        "letters, 5"
    })
    void refusesWhatIsNoSuchValue(String name, String value) {
        Map<String, String> wrong = new HashMap<>(GIVEN);
        wrong.put(name, value);
        assertThatThrownBy(() -> prices.values(wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(name + " is '" + value + "': it ");
    }
}
