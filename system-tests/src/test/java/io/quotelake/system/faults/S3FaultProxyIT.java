package io.quotelake.system.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quotelake.local.s3.S3Fault;
import io.quotelake.local.s3.S3FaultProxy;
import io.quotelake.local.s3.S3Faults;
import io.quotelake.system.stack.KafkaAndS3;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The proxy between the AWS SDK, which checks signatures and bodies, and a real endpoint. */
class S3FaultProxyIT {
    private static KafkaAndS3 parts;
    private static S3FaultProxy proxy;
    private static S3Client client;

    @BeforeAll
    static void start() {
        parts = KafkaAndS3.startS3();
        parts.s3().createBucket("bucket");
        proxy = S3FaultProxy.start(parts.s3().uri(), 1);
        client = client();
    }

    @AfterAll
    static void stop() {
        client.close();
        proxy.close();
        parts.close();
    }

    @AfterEach
    void heal() {
        proxy.heal();
    }

    @Test
    void withoutFaultsEveryByteArrivesThereAndBack() {
        byte[] content = bytes(3_000_001);

        put("whole", content);

        assertThat(object("whole")).hasBinaryContent(content);
        assertThat(get("whole")).isEqualTo(content);
        client.headObject(request -> request.bucket("bucket").key("whole"));
        client.deleteObject(request -> request.bucket("bucket").key("whole"));
        assertThat(object("whole")).doesNotExist();
    }

    @Test
    void errorsAreAnsweredAsS3DoesAndTheEndpointNeverSeesThem() {
        assertStatus(S3Fault.INTERNAL_ERROR, 500, "InternalError");
        assertStatus(S3Fault.SLOW_DOWN, 503, "SlowDown");
        assertStatus(S3Fault.KEY_REVOKED, 403, "InvalidAccessKeyId");
    }

    @Test
    void aDelayedRequestIsServedLate() {
        proxy.inject(S3Faults.none().withDelay(Duration.ofMillis(600), 1));
        long start = System.nanoTime();

        put("late", bytes(100));

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThan(Duration.ofMillis(590));
        assertThat(object("late")).exists();
    }

    @Test
    void anUploadThatIsCutInMidBodyLeavesNoObject() {
        proxy.inject(S3Faults.none().with(S3Fault.CUT_BODY, 1));

        assertThatThrownBy(() -> put("cut", bytes(500_000))).isInstanceOf(SdkClientException.class);

        assertThat(object("cut")).doesNotExist();
    }

    @Test
    void aDownloadThatIsCutInMidBodyFails() {
        put("download", bytes(500_000));
        proxy.inject(S3Faults.none().with(S3Fault.CUT_BODY, 1));

        assertThatThrownBy(() -> get("download")).isInstanceOf(SdkClientException.class);
    }

    @Test
    void theEndpointDidTheWorkWhoseAnswerIsLost() {
        byte[] content = bytes(1_000);
        proxy.inject(S3Faults.none().with(S3Fault.LOST_ANSWER, 1));

        assertThatThrownBy(() -> put("done", content)).isInstanceOf(SdkClientException.class);

        assertThat(object("done")).hasBinaryContent(content);
    }

    @Test
    void whatIsAwayRefusesAllAndComesBackAtTheSameAddress() {
        proxy.inject(S3Faults.none().with(S3Fault.AWAY, 1));
        // The first one finds its open connection cut, the second one is refused a new one.
        assertThatThrownBy(() -> put("away", bytes(10))).isInstanceOf(SdkClientException.class);
        assertThatThrownBy(() -> put("away", bytes(10))).isInstanceOf(SdkClientException.class);
        long met = proxy.injected().get(S3Fault.AWAY);

        proxy.heal();
        put("away", bytes(10));

        assertThat(met).isPositive();
        assertThat(proxy.injected().get(S3Fault.AWAY)).isEqualTo(met);
    }

    private static void assertStatus(S3Fault fault, int status, String code) {
        proxy.inject(S3Faults.none().with(fault, 1));

        assertThatThrownBy(() -> put("refused", bytes(200_000)))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> {
                            assertThat(e.statusCode()).isEqualTo(status);
                            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
                        });
        assertThat(object("refused")).doesNotExist();
    }

    private static void put(String key, byte[] content) {
        client.putObject(
                request -> request.bucket("bucket").key(key), RequestBody.fromBytes(content));
    }

    private static byte[] get(String key) {
        return client.getObjectAsBytes(request -> request.bucket("bucket").key(key)).asByteArray();
    }

    private static Path object(String key) {
        return parts.s3().bucket("bucket").resolve(key);
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new SplittableRandom(count).nextBytes(bytes);
        return bytes;
    }

    /** Without retries of its own: each call meets exactly one fate. */
    private static S3Client client() {
        return S3Client.builder()
                .endpointOverride(proxy.uri())
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .httpClientBuilder(Apache5HttpClient.builder())
                .overrideConfiguration(
                        settings -> settings.retryStrategy(retries -> retries.maxAttempts(1)))
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create(
                                        parts.keys().accessKey(), parts.keys().secretKey())))
                .build();
    }
}
