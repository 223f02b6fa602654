package io.quotelake.verifier;

import io.quotelake.verifier.table.Lake;
import io.quotelake.verifier.table.Lakes;
import java.net.URI;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a command finds the table. */
final class TableMixin {
    private static final String S3 = "s3://";

    @Option(
            names = "--output",
            paramLabel = "URI",
            description =
                    "The table, as s3://BUCKET/PREFIX or file:///DIRECTORY. Default: s3://$AWS_S3_BUCKET/TOPIC")
    private String output;

    @Option(
            names = "--s3-endpoint",
            paramLabel = "URI",
            description =
                    "An S3 endpoint of another kind than AWS, reached with path-style addresses. Default:"
                            + " $AWS_ENDPOINT_URL_S3, or AWS. Credentials come from the AWS chain (environment, profile, instance).")
    private URI endpoint;

    /** The table's address. */
    String address(Surroundings surroundings, String topic) {
        return Optional.ofNullable(output).orElseGet(() -> surroundings.table(topic));
    }

    /** Whether an option says where the table is. */
    boolean isNamed() {
        return output != null;
    }

    /** The table behind an S3 endpoint, or in a directory. */
    Lake open(String address) {
        return Lakes.at(address, endpoint == null ? endpointOfEnvironment() : endpoint);
    }

    /**
     * The same for a table of the local S3 endpoint, whose objects are files: a walk is quicker
     * than requests.
     */
    Lake openHere(String address, Surroundings surroundings) {
        return endpoint == null && address.startsWith(S3) && surroundings.buckets().isPresent()
                ? Lakes.at(
                        surroundings
                                .buckets()
                                .get()
                                .resolve(address.substring(S3.length()))
                                .toUri()
                                .toString(),
                        null)
                : open(address);
    }

    private static URI endpointOfEnvironment() {
        String uri =
                System.getenv()
                        .getOrDefault(
                                "AWS_ENDPOINT_URL_S3", System.getenv().get("AWS_ENDPOINT_URL"));
        return uri == null ? null : URI.create(uri);
    }
}
