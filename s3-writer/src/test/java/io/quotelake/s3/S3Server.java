package io.quotelake.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** S3Proxy in this process, over a directory, counting requests by S3 operation. */
public final class S3Server implements AutoCloseable {
    public static final String BUCKET = "lake";
    public static final String ACCESS_KEY = "local-access";
    public static final String SECRET_KEY = "local-secret";

    private static final Pattern COUNT =
            Pattern.compile(
                    "^\\w+_count\\{[^}]*s3_operation=\"(\\w+)\"[^}]*} ([0-9.]+)$",
                    Pattern.MULTILINE);

    private final Path directory;
    private final S3Proxy proxy;

    /** Starts it, over a directory that gets the bucket. */
    public S3Server(Path directory) throws Exception {
        this.directory = directory.toAbsolutePath();
        Files.createDirectories(this.directory.resolve(BUCKET));
        this.proxy =
                S3Proxy.builder()
                        .blobStore(new FilesystemNio2BlobStore(this.directory.toString()))
                        .endpoint(URI.create("http://127.0.0.1:0"))
                        .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
                        .jettyMaxThreads(32)
                        .ignoreUnknownHeaders(true)
                        .metricsEnabled(true)
                        .metricsHost("127.0.0.1")
                        .metricsPort(0)
                        .build();
        proxy.start();
    }

    public int port() {
        return proxy.getPort();
    }

    /**
     * Configuration of a file system that reaches the server, or one in front of it, at this port.
     */
    public static Configuration configuration(int port) {
        Configuration configuration = new Configuration();
        configuration.setString("s3.endpoint", "http://127.0.0.1:" + port);
        configuration.setString("s3.path.style.access", "true");
        configuration.setString("s3.access-key", ACCESS_KEY);
        configuration.setString("s3.secret-key", SECRET_KEY);
        return configuration;
    }

    /** What the configuration says, with less patience than usual. */
    static S3Settings settings(Configuration configuration) {
        return settings(configuration, false);
    }

    /**
     * @param aws whether the server is to be taken for AWS
     */
    static S3Settings settings(Configuration configuration, boolean aws) {
        S3Settings settings = S3Settings.of(S3Options.NONE, configuration);
        return new S3Settings(
                settings.endpoint(),
                aws,
                "us-east-1",
                settings.pathStyle(),
                settings.accessKey(),
                settings.secretKey(),
                settings.partSizeBytes(),
                settings.uploadsPerFile(),
                settings.maxBufferedBytes(),
                new S3Settings.Patience(5, Duration.ofMillis(10), Duration.ofMillis(50)));
    }

    /** Requests answered so far, by S3 operation. */
    public Map<String, Long> requests() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:" + proxy.getMetricsPort() + "/metrics"))
                        .build();
        String text = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
        Map<String, Long> counts = new TreeMap<>();
        Matcher matcher = COUNT.matcher(text);
        while (matcher.find()) {
            counts.merge(matcher.group(1), (long) Double.parseDouble(matcher.group(2)), Long::sum);
        }
        return counts;
    }

    /** Keys of everything below the prefix that a listing shows. */
    public List<String> objects(String prefix) {
        Path bucket = directory.resolve(BUCKET);
        Path root = bucket.resolve(prefix);
        if (!Files.exists(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> bucket.relativize(file).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public byte[] read(String key) throws IOException {
        return Files.readAllBytes(directory.resolve(BUCKET).resolve(key));
    }

    @Override
    public void close() throws Exception {
        proxy.stop();
    }
}
