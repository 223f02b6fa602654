package io.quotelake.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quotelake.s3.S3Server;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.util.ChildFirstClassLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The S3 writer out of the built jar, with all that is relocated in it, under class loaders such as
 * Flink makes for each job: when the writer is closed, none of its threads and classes remain.
 */
class JobJarWriterIT {

    private static final int JOBS = 3;
    private static final byte[] LARGE = new byte[6 * 1024 * 1024];

    @TempDir private Path directory;

    @Test
    void leavesNoThreadAndNoClassLoaderBehind() throws Exception {
        System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
        try (S3Server server = new S3Server(directory)) {
            Set<Thread> before = threads();
            List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
            for (int job = 0; job < JOBS; job++) {
                loaders.add(runJob(server, "job-" + job));
            }

            assertThat(server.objects("")).hasSize(2 * JOBS);
            assertThat(server.read("job-0/small")).asString(UTF_8).isEqualTo("row\n");
            assertThat(server.read("job-0/large")).isEqualTo(LARGE);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> {
                                System.gc();
                                assertThat(newThreads(before)).isEmpty();
                                assertThat(loaders)
                                        .as("class loaders of ended jobs")
                                        .allMatch(loader -> loader.get() == null);
                            });
        } finally {
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
        }
    }

    private static WeakReference<ClassLoader> runJob(S3Server server, String prefix)
            throws Exception {
        URL jar = Path.of(System.getProperty("job.jar")).toUri().toURL();
        ClassLoader outside = Thread.currentThread().getContextClassLoader();
        try (ChildFirstClassLoader job =
                new ChildFirstClassLoader(
                        new URL[] {jar},
                        outside,
                        new String[] {"java.", "org.apache.flink.", "org.slf4j."},
                        failure -> {})) {
            Thread.currentThread().setContextClassLoader(job);
            RecoverableWriter writer = open(job, server.port());
            assertThat(writer.getClass().getClassLoader()).isSameAs(job);
            write(writer, prefix + "/small", "row\n".getBytes(UTF_8));
            write(writer, prefix + "/large", LARGE);
            ((AutoCloseable) writer).close();
            return new WeakReference<>(job);
        } finally {
            Thread.currentThread().setContextClassLoader(outside);
        }
    }

    private static RecoverableWriter open(ClassLoader job, int port) throws Exception {
        Class<?> options = Class.forName("io.quotelake.s3.S3Options", true, job);
        Object given =
                options.getConstructor(String.class, String.class, Boolean.class)
                        .newInstance("http://127.0.0.1:" + port, null, true);
        return (RecoverableWriter)
                Class.forName("io.quotelake.s3.PartFileWriter", true, job)
                        .getMethod("open", URI.class, options)
                        .invoke(null, URI.create("s3://" + S3Server.BUCKET + "/table"), given);
    }

    private static void write(RecoverableWriter writer, String key, byte[] bytes) throws Exception {
        RecoverableFsDataOutputStream file =
                writer.open(
                        new org.apache.flink.core.fs.Path("s3://" + S3Server.BUCKET + "/" + key));
        file.write(bytes);
        file.closeForCommit().commit();
    }

    private static Set<Thread> threads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }

    /** Those of the test itself and of S3Proxy, which runs in this process, come and go. */
    private static Set<String> newThreads(Set<Thread> before) {
        return threads().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(
                        name ->
                                !name.matches(
                                        "(awaitility|S3Proxy|qtp|Scheduler|HttpClient|Keep-Alive).*"))
                .collect(Collectors.toSet());
    }
}
