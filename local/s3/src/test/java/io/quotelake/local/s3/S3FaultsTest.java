package io.quotelake.local.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class S3FaultsTest {
    private static final S3Faults FAULTS =
            S3Faults.none().with(S3Fault.SLOW_DOWN, 0.1).with(S3Fault.LOST_ANSWER, 0.01);

    @Test
    void eachFaultMeetsItsShareOfTheRequests() {
        List<Optional<S3Fault>> fates = fates(5, 100_000);

        assertThat(count(fates, S3Fault.SLOW_DOWN)).isCloseTo(10_000L, within(400L));
        assertThat(count(fates, S3Fault.LOST_ANSWER)).isCloseTo(1_000L, within(150L));
        assertThat(count(fates, S3Fault.AWAY)).isZero();
    }

    @Test
    void theSameSeedMeetsTheSameRequestsAndAnotherSeedOthers() {
        assertThat(fates(5, 1_000)).isEqualTo(fates(5, 1_000)).isNotEqualTo(fates(6, 1_000));
    }

    @Test
    void allOfThemMeansAllAndNoneMeansNone() {
        S3Faults away = S3Faults.none().with(S3Fault.AWAY, 1);

        assertThat(LongStream.range(0, 1_000).mapToObj(n -> away.of(1, n)))
                .allMatch(Optional.of(S3Fault.AWAY)::equals);
        assertThat(LongStream.range(0, 1_000).mapToObj(n -> S3Faults.none().of(1, n)))
                .allMatch(Optional::isEmpty);
    }

    @Test
    void sharesOfMoreThanEverythingAreRefused() {
        assertThatThrownBy(() -> FAULTS.with(S3Fault.AWAY, 0.9))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FAULTS.with(S3Fault.AWAY, -0.1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Optional<S3Fault>> fates(long seed, int requests) {
        return LongStream.range(0, requests).mapToObj(n -> FAULTS.of(seed, n)).toList();
    }

    private static long count(List<Optional<S3Fault>> fates, S3Fault fault) {
        return fates.stream().filter(Optional.of(fault)::equals).count();
    }
}
