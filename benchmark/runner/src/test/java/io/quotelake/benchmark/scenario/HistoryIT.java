package io.quotelake.benchmark.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.benchmark.measure.Figures;
import io.quotelake.benchmark.measure.Runs;
import io.quotelake.benchmark.report.Result;
import io.quotelake.benchmark.testbed.TestBed;
import io.quotelake.local.Installation;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A scenario on the real parts, so small that its figures mean nothing. */
class HistoryIT {

    @Test
    void writesAFileForEachRowWithOneRequest() {
        Result result;
        try (TestBed testBed =
                TestBed.start(
                        Installation.current(), Path.of("target/test-bed").toAbsolutePath())) {
            result =
                    new History()
                            .run(new Setup(testBed, 1, OptionalLong.of(200), System.out::println));
        }
        Runs runs = new Runs(result.runs());
        assertThat(runs.contestants()).hasSize(2);
        for (String contestant : runs.contestants()) {
            assertThat(runs.of(contestant, Figures.FILES).orElseThrow().median()).isEqualTo(200);
            assertThat(runs.of(contestant, Figures.WRITES_PER_FILE).orElseThrow().median())
                    .isEqualTo(1);
        }
    }
}
