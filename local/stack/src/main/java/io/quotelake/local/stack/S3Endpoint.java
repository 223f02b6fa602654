package io.quotelake.local.stack;

import io.quotelake.local.process.JavaCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An S3 endpoint on 127.0.0.1 whose buckets and objects are directories and files of the state
 * directory.
 */
public final class S3Endpoint extends Service {
    /** The port that local S3 endpoints are usually found at. */
    public static final int USUAL_PORT = 9000;

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    /** One line of the Prometheus text format: the requests of one operation with one outcome. */
    private static final Pattern REQUEST_COUNT =
            Pattern.compile(
                    "http_server_request_duration_seconds_count\\{.*s3_operation=\"([^\"]+)\".*} ([0-9.eE+]+)");

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final Installation installation;
    private final StackOptions options;
    private int port;
    private int metricsPort;

    public S3Endpoint(Installation installation, StackOptions options) {
        super("S3 endpoint", "s3", options.state());
        this.installation = installation;
        this.options = options;
    }

    /** Where it answers, over plain HTTP. */
    public URI uri() {
        return URI.create("http://" + Ports.ADDRESS + ":" + port);
    }

    /** Makes a bucket unless it exists. */
    public void createBucket(String bucket) {
        try {
            Files.createDirectories(bucket(bucket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The directory that holds a bucket's objects, each under its key. */
    public Path bucket(String bucket) {
        return state().s3().resolve(bucket);
    }

    /**
     * How many requests of each S3 operation ({@code PutObject}, {@code UploadPart}, …) the
     * endpoint has answered since it was started, failed ones included.
     */
    public Map<String, Long> requests() {
        Map<String, Long> counts = new TreeMap<>();
        Matcher matcher = REQUEST_COUNT.matcher(get(metricsOn(metricsPort)).body());
        while (matcher.find()) {
            counts.merge(matcher.group(1), (long) Double.parseDouble(matcher.group(2)), Long::sum);
        }
        return counts;
    }

    @Override
    public String address() {
        return uri().toString();
    }

    @Override
    public Optional<URI> metrics() {
        return Optional.of(metricsOn(metricsPort));
    }

    @Override
    public OptionalInt usualPort() {
        return OptionalInt.of(USUAL_PORT);
    }

    @Override
    protected void choosePorts() {
        port = options.s3Port() > 0 ? options.s3Port() : options.usualOrFree(USUAL_PORT);
        metricsPort = Ports.free();
    }

    @Override
    protected JavaCommand command() throws IOException {
        Files.createDirectories(state().s3().resolve(StateDirectory.FLINK_BUCKET));
        S3Keys keys = S3Keys.of(state());
        Properties properties = new Properties();
        properties.put("address", Ports.ADDRESS);
        properties.put("port", Integer.toString(port));
        properties.put("metricsPort", Integer.toString(metricsPort));
        properties.put("directory", state().s3().toString());
        properties.put("accessKey", keys.accessKey());
        properties.put("secretKey", keys.secretKey());
        properties.put("threads", "32");
        Path configuration = state().run().resolve("s3-endpoint.properties");
        S3Keys.writePrivately(configuration, properties);
        return new JavaCommand()
                .options(options.logOptions("s3"))
                .options("-Xmx" + options.s3Heap(), "-Djava.io.tmpdir=" + state().temporary())
                .main("io.quotelake.local.s3.S3Endpoint", installation.s3ClassPath())
                .arguments(configuration.toString());
    }

    /** Any answer will do: it refuses a request that is not signed. */
    @Override
    public boolean answers() {
        try {
            return get(uri()).statusCode() == 403
                    && get(metricsOn(metricsPort)).statusCode() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private HttpResponse<String> get(URI uri) {
        try {
            return http.send(
                    HttpRequest.newBuilder(uri).timeout(ANSWER_WITHIN).build(),
                    BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(uri + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("Interrupted"));
        }
    }
}
