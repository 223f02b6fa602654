package io.quotelake.benchmark.contestant;

import io.quotelake.benchmark.testbed.TestBed;
import io.quotelake.local.stack.S3Keys;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** AWS's own client, as a program would use it that wants to be fast. */
final class S3Clients {

    private S3Clients() {}

    /** A client that can have so many requests under way. */
    static S3Client of(TestBed testBed, int concurrency) {
        S3Keys keys = testBed.keys();
        return S3Client.builder()
                .endpointOverride(testBed.stack().s3().uri())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create(keys.accessKey(), keys.secretKey())))
                // Checksums in trailers are for AWS: another endpoint's way with them would blur
                // the figures.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .httpClientBuilder(Apache5HttpClient.builder().maxConnections(concurrency))
                .build();
    }
}
