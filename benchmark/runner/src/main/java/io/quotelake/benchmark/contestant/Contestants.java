package io.quotelake.benchmark.contestant;

import io.quotelake.benchmark.testbed.TestBed;
import io.quotelake.local.stack.FlinkCluster;
import io.quotelake.local.stack.S3Plugin;
import io.quotelake.local.stack.StackOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Those that are compared, as they run on a test bed. */
public final class Contestants {
    public static final String QUOTELAKE = "Quotelake";
    public static final String FLINK_SQL = "Flink SQL";

    private static final String MD5_OFF =
            "-Dcom.amazonaws.services.s3.disablePutObjectMD5Validation=true";

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
        return new FlinkContestant(
                name, testBed, this::quotelakeCluster, boundedJob(options), settings);
    }

    /** Quotelake without the checksum that S3 clients send beside a body. */
    public Contestant quotelakeWithoutMd5(String name, String... options) {
        UnaryOperator<StackOptions> how =
                cluster ->
                        cluster.flinkLibrary(jobJar()).flink("env.java.opts.taskmanager", MD5_OFF);
        return new FlinkContestant(
                name,
                testBed,
                () -> testBed.cluster("quotelake-without-md5", S3Plugin.QUOTELAKE, how),
                boundedJob(options),
                settings);
    }

    /** Quotelake's job with Flink's own S3 plugin. */
    public Contestant stockPlugin(String name, String... options) {
        return new FlinkContestant(
                name,
                testBed,
                () ->
                        testBed.cluster(
                                "stock-plugin",
                                S3Plugin.STOCK,
                                cluster -> cluster.flinkLibrary(jobJar())),
                boundedJob(options),
                settings);
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
                                S3Plugin.STOCK,
                                cluster -> cluster.flinkLibrary(module.resolve("lib") + "/*")),
                (topic, output) -> List.of(jar, testBed.bootstrapServers(), topic, output),
                settings);
    }

    /** The cluster that {@link #quotelake} runs on. */
    public FlinkCluster quotelakeCluster() {
        return testBed.stack().flink();
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

    private FlinkContestant.Command boundedJob(String... options) {
        return (topic, output) -> {
            List<String> words = unboundedJob(topic, output, options);
            words.addAll(List.of("--stop-at", "latest"));
            return words.subList(settings.size(), words.size());
        };
    }

    private String jobJar() {
        return testBed.installation().jobJar().toString();
    }
}
