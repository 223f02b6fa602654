package io.quotelake.benchmark.contestant;

import io.quotelake.benchmark.testbed.TestBed;
import io.quotelake.local.stack.FlinkCluster;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Those that are compared, as they run on a test bed. */
public final class Contestants {
    public static final String QUOTELAKE = "Quotelake";
    public static final String FLINK_SQL = "Flink SQL";

    private final TestBed testBed;
    private final List<String> settings;

    /**
     * Contestants that all run with the same settings.
     *
     * @param settings options of {@code flink run}, such as {@code -p 2}
     */
    public Contestants(TestBed testBed, String... settings) {
        this.testBed = testBed;
        this.settings = List.of(settings);
    }

    /** Quotelake, with options of its job. */
    public Contestant quotelake(String name, String... options) {
        return new FlinkContestant(name, testBed, this::quotelakeCluster, command(options));
    }

    /** Quotelake's job with Flink's own S3 plugin as its writer. */
    public Contestant flinkWriter(String name, String... options) {
        List<String> all = new ArrayList<>(List.of("--s3-writer", "flink"));
        all.addAll(List.of(options));
        return new FlinkContestant(
                name, testBed, this::quotelakeCluster, command(all.toArray(String[]::new)));
    }

    /** Flink SQL with Flink's own S3 plugin. */
    public Contestant flinkSql() {
        Path module = testBed.installation().built("benchmark/flink-sql/target");
        String jar = module.resolve("quotelake-benchmark-flink-sql.jar").toString();
        return new FlinkContestant(
                FLINK_SQL,
                testBed,
                () ->
                        testBed.cluster(
                                "flink-sql",
                                cluster -> cluster.flinkLibrary(module.resolve("lib") + "/*")),
                (topic, output) -> {
                    List<String> words = new ArrayList<>(settings);
                    words.addAll(List.of(jar, testBed.bootstrapServers(), topic, output));
                    return words;
                });
    }

    /** The cluster that {@link #quotelake} runs on. */
    public FlinkCluster quotelakeCluster() {
        return testBed.stack().flink();
    }

    /** As {@link #quotelakeCluster}, with a TaskManager of another size, such as {@code 3g}. */
    public FlinkCluster quotelakeCluster(String taskManagerSize) {
        return testBed.cluster(
                "quotelake-" + taskManagerSize,
                cluster ->
                        cluster.flinkLibrary(jobJar())
                                .flink("taskmanager.memory.process.size", taskManagerSize));
    }

    /** Quotelake's job over a topic for ever. */
    public List<String> unboundedJob(String topic, String output, String... options) {
        List<String> words = new ArrayList<>(settings);
        words.addAll(
                List.of(
                        jobJar(),
                        "--bootstrap-servers",
                        testBed.bootstrapServers(),
                        "--topic",
                        topic));
        words.addAll(List.of("--output", output, "--start-from", "earliest"));
        words.addAll(List.of(options));
        return words;
    }

    /** Quotelake's job over what a topic holds now. */
    public List<String> boundedJob(String topic, String output, String... options) {
        List<String> words = unboundedJob(topic, output, options);
        words.addAll(List.of("--stop-at", "latest"));
        return words;
    }

    private FlinkContestant.Command command(String... options) {
        return (topic, output) -> boundedJob(topic, output, options);
    }

    private String jobJar() {
        return testBed.installation().jobJar().toString();
    }
}
