package io.quotelake.benchmark.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.quotelake.benchmark.measure.Figures;
import io.quotelake.benchmark.measure.Runs;
import io.quotelake.benchmark.report.Result;
import io.quotelake.benchmark.testbed.TestBed;
import io.quotelake.local.stack.Installation;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A scenario on the real parts, so small that its figures mean nothing. */
class HistoryIT {

    private static final double FILES = 200;
    private static final double MAX_CLAIMS = 20;

    @Test
    void writesAFileForEachRowWithOneRequest() {
        Result result;
        try (TestBed testBed =
                TestBed.start(
                        Installation.current(), Path.of("target/test-bed").toAbsolutePath())) {
            result =
                    new History()
                            .run(
                                    new Setup(
                                            testBed,
                                            1,
                                            OptionalLong.of((long) FILES),
                                            System.out::println));
        }
        Runs runs = new Runs(result.runs());
        assertThat(runs.contestants()).hasSize(2);
        for (String contestant : runs.contestants()) {
            assertThat(runs.of(contestant, Figures.FILES).orElseThrow().median()).isEqualTo(FILES);
            // The claims of the table's owner come on top; their number doesn't grow with files.
            assertThat(runs.of(contestant, Figures.WRITES_PER_FILE).orElseThrow().median())
                    .isBetween(1.0, 1.0 + MAX_CLAIMS / FILES);
        }
    }
}
