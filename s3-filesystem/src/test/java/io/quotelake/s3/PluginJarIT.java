package io.quotelake.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.api.common.serialization.SimpleStringEncoder;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.PluginUtils;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.filesystem.OutputFileConfig;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.DateTimeBucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The built jar in a plugin folder, under Flink's plugin class loader, with jobs of a session
 * cluster.
 */
class PluginJarIT {
    private static final int JOBS = 10;
    private static final String ROW = "x".repeat(1000);
    private static final long ROWS = 6_000;

    /** The class loader of each job that ran, seen from a job's own thread. */
    private static final List<WeakReference<ClassLoader>> JOB_CLASS_LOADERS =
            new CopyOnWriteArrayList<>();

    @TempDir static Path directory;

    private static S3Server server;
    private static MiniCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        Path folder = Path.of(System.getenv("FLINK_PLUGINS_DIR"), "quotelake-s3-filesystem");
        Files.createDirectories(folder);
        Files.copy(
                Path.of(System.getProperty("plugin.jar")),
                folder.resolve("quotelake-s3-filesystem.jar"),
                StandardCopyOption.REPLACE_EXISTING);
        server = new S3Server(directory);
        Configuration configuration = S3Server.configuration(server.port());
        configuration.setString("rest.bind-port", "0");
        configuration.setString("execution.checkpointing.interval", "200ms");
        FileSystem.initialize(
                configuration, PluginUtils.createPluginManagerFromRootFolder(configuration));
        cluster =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(configuration)
                                .setNumTaskManagers(1)
                                .setNumSlotsPerTaskManager(1)
                                .build());
        cluster.start();
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
        server.close();
    }

    @Test
    void servesBothSchemesFromItsOwnClassLoader() throws Exception {
        for (String scheme : List.of("s3", "s3a")) {
            var writer = FileSystem.get(URI.create(scheme + "://lake/")).createRecoverableWriter();

            assertThat(writer.getClass().getName()).isEqualTo("io.quotelake.s3.PartFileWriter");
            assertThat(writer.getClass().getClassLoader())
                    .isNotSameAs(PluginJarIT.class.getClassLoader());
        }
    }

    @Test
    void tenJobsOneAfterAnotherWriteSmallAndLargeFilesAndLeaveNoClassLoaderBehind()
            throws Exception {
        for (int job = 0; job < JOBS; job++) {
            run("s3://lake/jobs/" + job);
        }

        for (int job = 0; job < JOBS; job++) {
            long rows = 0;
            for (String key : server.objects("jobs/" + job)) {
                assertThat(key).contains("/part-").endsWith(".json");
                rows += new String(server.read(key)).lines().filter(ROW::equals).count();
            }
            assertThat(rows).as("rows of job %d", job).isEqualTo(ROWS);
        }
        Map<String, Long> requests = server.requests();
        assertThat(requests.get("UploadPart")).isGreaterThanOrEqualTo(JOBS);
        assertThat(requests.keySet())
                .doesNotContain("DeleteObject", "DeleteObjects", "AbortMultipartUpload");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> {
                            System.gc();
                            assertThat(JOB_CLASS_LOADERS).hasSize(JOBS);
                            assertThat(JOB_CLASS_LOADERS.subList(0, JOBS - 1))
                                    .as("class loaders of ended jobs")
                                    .allMatch(loader -> loader.get() == null);
                        });
    }

    /** A job of its own class loader; Flink closes it when the job ends. */
    private static void run(String output) throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
        environment.setParallelism(1);
        environment.enableCheckpointing(200);
        environment
                .fromSequence(1, ROWS)
                .map(PluginJarIT::row)
                .sinkTo(
                        FileSink.forRowFormat(
                                        new org.apache.flink.core.fs.Path(output),
                                        new SimpleStringEncoder<String>("UTF-8"))
                                .withBucketAssigner(new DateTimeBucketAssigner<>("yyyy"))
                                .withRollingPolicy(OnCheckpointRollingPolicy.build())
                                .withOutputFileConfig(new OutputFileConfig("part", ".json"))
                                .build());
        cluster.executeJobBlocking(environment.getStreamGraph().getJobGraph());
    }

    private static String row(long number) {
        if (number == 1) {
            JOB_CLASS_LOADERS.add(
                    new WeakReference<>(Thread.currentThread().getContextClassLoader()));
        }
        return ROW;
    }
}
