package io.quotelake.producer.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quotelake.producer.csv.Quote;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PaceTest {

    private static final long START = -5_000_000_000L;

    @ParameterizedTest
    @CsvSource({"500/s,500", "500,500", "90/min,1.5", "36/h,0.01", "0.5/s,0.5"})
    void readsRates(String text, double rowsPerSecond) {
        assertThat(Pace.Rate.parse(text).rowsPerSecond()).isEqualTo(rowsPerSecond);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0/s", "-1/s", "fast", "5/day", "1 /s"})
    void refusesWhatIsNoRate(String text) {
        assertThatThrownBy(() -> Pace.Rate.parse(text)).hasMessageContaining("500/s");
    }

    @ParameterizedTest
    @CsvSource({"1d/s,1", "30d/min,0.5", "36d/h,0.01"})
    void readsSpeeds(String text, double daysPerSecond) {
        assertThat(Pace.Speed.parse(text).daysPerSecond()).isEqualTo(daysPerSecond);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1/s", "0d/s", "1d"})
    void refusesWhatIsNoSpeed(String text) {
        assertThatThrownBy(() -> Pace.Speed.parse(text)).hasMessageContaining("1d/s");
    }

    @Test
    void aRateSpreadsRowsEvenlyFromTheFirst() {
        Pace pace = Pace.Rate.parse("4/s").pace();

        for (int i = 0; i < 100; i++) {
            long due = START + Duration.ofMillis(250L * i).toNanos();
            assertThat(pace.dueNanos(quote(0), due)).isEqualTo(due);
        }
    }

    @Test
    void aRateMakesUpForASecondOfDelayAndNoMore() {
        Pace pace = Pace.Rate.parse("10/s").pace();
        pace.dueNanos(quote(0), START);

        long afterPause = START + Duration.ofSeconds(60).toNanos();

        int atOnce = 0;
        while (pace.dueNanos(quote(0), afterPause) <= afterPause) {
            atOnce++;
        }
        assertThat(atOnce).isBetween(10, 11);
    }

    @Test
    void aSpeedFollowsTheCalendarAndStartsAnewWhereItJumpsBack() {
        Pace pace = Pace.Speed.parse("2d/s").pace();

        assertThat(pace.dueNanos(quote(100), START)).isEqualTo(START);
        assertThat(pace.dueNanos(quote(100), START)).isEqualTo(START);
        long after = START + Duration.ofMillis(1500).toNanos();
        assertThat(pace.dueNanos(quote(103), START)).isEqualTo(after);
        assertThat(pace.dueNanos(quote(50), after)).isEqualTo(after);
        assertThat(pace.dueNanos(quote(51), after))
                .isEqualTo(after + Duration.ofMillis(500).toNanos());
        assertThat(pace.dueNanos(quote(Quote.NO_DATE), after)).isEqualTo(after);
    }

    @Test
    void aSpeedDoesNotMakeUpForAPause() {
        Pace pace = Pace.Speed.parse("1d/s").pace();
        pace.dueNanos(quote(0), START);

        long late = START + Duration.ofSeconds(31).toNanos();
        pace.dueNanos(quote(1), late);

        assertThat(pace.dueNanos(quote(2), late)).isEqualTo(late + Duration.ofSeconds(1).toNanos());
    }

    private static Quote quote(int epochDay) {
        return new Quote(null, new byte[0], 0, epochDay);
    }
}
