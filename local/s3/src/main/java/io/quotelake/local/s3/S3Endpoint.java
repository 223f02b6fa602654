package io.quotelake.local.s3;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/**
 * An S3 endpoint over a directory: a bucket is a subdirectory, an object is a file below it.
 *
 * <p>The one argument is a properties file, so that the keys never stand in the process list:
 *
 * <ul>
 *   <li>{@code address}, {@code port}: where it answers, over plain HTTP
 *   <li>{@code metricsPort}: where {@code GET /metrics} counts requests by S3 operation (Prometheus
 *       text)
 *   <li>{@code directory}: the existing base directory, absolute
 *   <li>{@code accessKey}, {@code secretKey}: the only credentials it accepts
 *   <li>{@code threads}: the most requests served at once
 * </ul>
 */
public final class S3Endpoint {

    /**
     * What S3Proxy receives a part file of the lake into. Parts of uploads are called otherwise.
     */
    private static final Pattern ARRIVING =
            Pattern.compile(
                    "part-.+\\.json(\\.gz|\\.zst)?-\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private S3Endpoint() {}

    public static void main(String[] args) throws Exception {
        Locale.setDefault(Locale.ROOT);
        if (args.length != 1) {
            System.err.println("Usage: S3Endpoint FILE.properties");
            System.exit(2);
        }
        Properties properties = read(Path.of(args[0]));
        deleteArrivals(directory(properties));
        S3Proxy endpoint = endpoint(properties);
        endpoint.start();
        System.out.println("S3 endpoint started on port " + endpoint.getPort());
    }

    private static S3Proxy endpoint(Properties properties) {
        String address = required(properties, "address");
        return S3Proxy.builder()
                .blobStore(
                        new CompleteObjects(
                                new FilesystemNio2BlobStore(directory(properties).toString())))
                .endpoint(URI.create("http://" + address + ":" + required(properties, "port")))
                .awsAuthentication(
                        AuthenticationType.AWS_V2_OR_V4,
                        required(properties, "accessKey"),
                        required(properties, "secretKey"))
                .jettyMaxThreads(Integer.parseInt(required(properties, "threads")))
                // Query engines send headers that belong to newer versions of the protocol.
                .ignoreUnknownHeaders(true)
                .metricsEnabled(true)
                .metricsHost(address)
                .metricsPort(Integer.parseInt(required(properties, "metricsPort")))
                .build();
    }

    /**
     * Part files that were arriving when an earlier endpoint was killed: nobody can finish them.
     */
    private static void deleteArrivals(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (ARRIVING.matcher(file.getFileName().toString()).matches()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** A relative base directory would break the completion of multipart uploads. */
    private static Path directory(Properties properties) {
        Path directory = Path.of(required(properties, "directory"));
        if (!directory.isAbsolute() || !Files.isDirectory(directory)) {
            throw new IllegalArgumentException("Not an existing absolute directory: " + directory);
        }
        return directory;
    }

    private static Properties read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return properties;
    }

    private static String required(Properties properties, String key) {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException("Missing property: " + key);
        }
        return value;
    }
}
