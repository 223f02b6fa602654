package io.quotelake.benchmark.contestant;

import io.quotelake.benchmark.lake.LakeCheck;
import io.quotelake.benchmark.lake.Layout;
import io.quotelake.benchmark.measure.Figures;
import io.quotelake.benchmark.rows.Feed;
import io.quotelake.benchmark.testbed.FlinkJob;
import io.quotelake.benchmark.testbed.TestBed;
import io.quotelake.local.stack.FlinkCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** A Flink job that reads a topic from its first record to its last and then finishes. */
public final class FlinkContestant implements Contestant {
    private static final Duration LIMIT = Duration.ofMinutes(30);

    private final String name;
    private final TestBed testBed;
    private final Supplier<FlinkCluster> cluster;
    private final Command command;

    /** Says what follows {@code flink run -d}: its options, the jar and its arguments. */
    @FunctionalInterface
    public interface Command {
        List<String> words(String topic, String output);
    }

    /**
     * A contestant.
     *
     * @param cluster where it runs; started when it is first asked for
     */
    FlinkContestant(String name, TestBed testBed, Supplier<FlinkCluster> cluster, Command command) {
        this.name = name;
        this.testBed = testBed;
        this.cluster = cluster;
        this.command = command;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Figures run(Feed feed) {
        String topic = testBed.topic(feed);
        FlinkCluster where = cluster.get();
        try (TestBed.Table table = testBed.newTable()) {
            Meters meters = Meters.start(testBed, where);
            FlinkJob job = FlinkJob.submit(where, command.words(topic, table.uri()));
            job.awaitFinished(LIMIT);
            Meters.Stopped used = meters.stop();
            Instant begin = job.runningSince();
            return used.figures(begin, LakeCheck.of(feed, Layout.PARTITIONED_ROWS, table.path()));
        }
    }
}
