package io.quotelake.verifier.table;

import io.quotelake.terminal.Failure;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Finds a lake by the address that the job writes to. */
public final class Lakes {
    /** One connection for each thread that reads objects, and a few to spare. */
    private static final int CONNECTIONS = 32;

    private Lakes() {}

    /**
     * The lake at {@code s3://BUCKET/PREFIX}, {@code s3a://…}, {@code file:///DIRECTORY} or a plain
     * path. For S3, region and credentials come from where AWS programs take them: environment,
     * profile, instance.
     *
     * @param endpoint an S3 endpoint of another kind than AWS, reached with path-style addresses;
     *     null for AWS
     */
    public static Lake at(String output, URI endpoint) {
        return at(output, endpoint, DefaultCredentialsProvider.builder().build());
    }

    public static Lake at(String output, URI endpoint, AwsCredentialsProvider credentials) {
        URI uri = uri(output);
        String scheme = Optional.ofNullable(uri.getScheme()).orElse("file");
        return switch (scheme) {
            case "file" -> new DirectoryLake(Path.of(uri.getPath()));
            case "s3", "s3a" -> new S3Lake(client(endpoint, credentials), bucket(uri), prefix(uri));
            default -> throw unusable(output);
        };
    }

    private static URI uri(String output) {
        try {
            return URI.create(output);
        } catch (IllegalArgumentException e) {
            throw unusable(output);
        }
    }

    private static Failure unusable(String output) {
        return Failure.ofUse(
                "The lake can't be read from '%s': give s3://BUCKET/PREFIX or file:///DIRECTORY"
                        .formatted(output));
    }

    private static String bucket(URI uri) {
        if (uri.getAuthority() == null) {
            throw unusable(uri.toString());
        }
        return uri.getAuthority();
    }

    private static String prefix(URI uri) {
        String path = uri.getPath().replaceAll("^/+|/+$", "");
        return path.isEmpty() ? "" : path + "/";
    }

    private static S3Client client(URI endpoint, AwsCredentialsProvider credentials) {
        S3ClientBuilder builder =
                S3Client.builder()
                        .httpClientBuilder(Apache5HttpClient.builder().maxConnections(CONNECTIONS))
                        .credentialsProvider(credentials)
                        .region(region());
        if (endpoint == null) {
            return builder.crossRegionAccessEnabled(true).build();
        }
        return builder.endpointOverride(endpoint).forcePathStyle(true).build();
    }

    /** Where none is configured, the one that S3 leads on from to a bucket's own. */
    private static Region region() {
        try {
            return DefaultAwsRegionProviderChain.builder().build().getRegion();
        } catch (SdkClientException e) {
            return Region.US_EAST_1;
        }
    }
}
