package io.quotelake.benchmark.scenario;

import io.quotelake.benchmark.contestant.Contestants;
import io.quotelake.benchmark.measure.Figures;
import io.quotelake.benchmark.measure.Runs;
import io.quotelake.benchmark.measure.Target;
import io.quotelake.benchmark.report.Result;
import io.quotelake.benchmark.rows.DataSetFeed;
import io.quotelake.benchmark.rows.Feed;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Compressed files beside plain ones, on the data set's rows. */
public final class Compression implements Scenario {
    private static final String PLAIN = "Quotelake, plain";
    private static final String ZSTD = "Quotelake, zstd";
    private static final String GZIP = "Quotelake, gzip";

    @Override
    public String name() {
        return "compression";
    }

    @Override
    public Result run(Setup setup) throws IOException {
        Contestants contestants = new Contestants(setup.testBed(), "-p", "2");
        Feed feed =
                new DataSetFeed(setup.testBed().installation().dataSet(), setup.rowsOr(6_000_000));
        String[] options = {"--no-lineage", "--date-granularity", "year", "--compression"};
        Runs runs =
                setup.pairs(
                        feed,
                        List.of(
                                contestants.quotelake(PLAIN, with(options, "none")),
                                contestants.quotelake(ZSTD, with(options, "zstd")),
                                contestants.quotelake(GZIP, with(options, "gzip"))));
        return Result.of(
                name(),
                "Compression",
                """
                The rows of `data/indexProcessed.csv` %d times, %,d rows, by index and year (%d folders); parallelism 2,
                checkpoints every 5 s. Compressed at each codec's default in the job."""
                        .formatted(feed.copies(), feed.rows(), feed.folders()),
                runs,
                List.of(
                        Target.atLeast(
                                "zstd's rows/s over plain's",
                                1,
                                runs.ratios(ZSTD, PLAIN, Figures.ROWS_PER_SECOND).median()),
                        Target.atMost(
                                "zstd's bytes in the bucket over plain's",
                                0.333,
                                runs.ratios(ZSTD, PLAIN, Figures.BUCKET_MIB).median())),
                Result.ChartOf.bars("Compressed files", Figures.ROWS_PER_SECOND),
                Result.ChartOf.bars("What lies in the bucket", Figures.BUCKET_MIB));
    }

    private static String[] with(String[] options, String codec) {
        String[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = codec;
        return all;
    }
}
