package io.quotelake.benchmark.scenario;

import io.quotelake.benchmark.contestant.Contestants;
import io.quotelake.benchmark.contestant.PacedRun;
import io.quotelake.benchmark.measure.Figures;
import io.quotelake.benchmark.measure.Runs;
import io.quotelake.benchmark.measure.Target;
import io.quotelake.benchmark.report.Result;
import io.quotelake.benchmark.rows.Feed;
import io.quotelake.benchmark.rows.SyntheticFeed;
import io.quotelake.local.stack.TaskManager;
import java.time.Period;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** How long after its TaskManager was killed a job shows new rows. */
public final class Recovery implements Scenario {
    private static final int ROWS_PER_SECOND = 10_000;
    private static final int FED_SECONDS = 60;
    private static final long KILL_AFTER_NANOS = 20_000_000_000L;
    private static final String SECONDS_TO_NEW_ROW = "seconds to the first new row";

    @Override
    public String name() {
        return "recovery";
    }

    @Override
    public Result run(Setup setup) {
        Contestants contestants =
                new Contestants(
                        setup.testBed(), "-p", "2", "-Dexecution.checkpointing.interval=1s");
        Feed feed =
                new SyntheticFeed(
                        "recovery", (long) ROWS_PER_SECOND * FED_SECONDS, 14, Period.ofDays(1));
        Runs runs = new Runs();
        for (int round = 1; round <= setup.rounds(); round++) {
            Figures figures = measure(setup, contestants, feed);
            setup.log().accept(name() + " " + figures.values());
            runs.add(Contestants.QUOTELAKE, round, figures);
        }
        return Result.of(
                name(),
                "Recovery: from kill to new rows",
                """
                A feed of %,d rows/s, checkpoints every second, files rolled at each. The TaskManager gets `kill -9` and
                is started again at once, as a service manager does. From the kill to the first visible object with a
                row that was published after the kill; afterwards every row is there once."""
                        .formatted(ROWS_PER_SECOND),
                runs,
                List.of(
                        Target.atMost(
                                SECONDS_TO_NEW_ROW,
                                15,
                                runs.of(Contestants.QUOTELAKE, SECONDS_TO_NEW_ROW)
                                        .orElseThrow()
                                        .median())),
                Result.ChartOf.bars("After kill -9", SECONDS_TO_NEW_ROW));
    }

    private static Figures measure(Setup setup, Contestants contestants, Feed feed) {
        TaskManager taskManager = contestants.quotelakeCluster().taskManagers().get(0);
        AtomicLong killed = new AtomicLong();
        AtomicLong firstNew = new AtomicLong(Long.MAX_VALUE);
        new PacedRun(setup.testBed(), contestants, feed, ROWS_PER_SECOND)
                .run(
                        () -> {
                            long begin = System.nanoTime();
                            while (System.nanoTime() - begin < KILL_AFTER_NANOS) {
                                LockSupport.parkNanos(
                                        KILL_AFTER_NANOS - (System.nanoTime() - begin));
                            }
                            killed.set(System.currentTimeMillis());
                            taskManager.process().kill();
                            taskManager.start();
                        },
                        (published, visible) -> {
                            if (published > killed.get()) {
                                firstNew.accumulateAndGet(visible, Math::min);
                            }
                        },
                        "--roll-interval",
                        "500ms",
                        "--roll-inactivity",
                        "500ms");
        return new Figures().put(SECONDS_TO_NEW_ROW, (firstNew.get() - killed.get()) / 1e3);
    }
}
