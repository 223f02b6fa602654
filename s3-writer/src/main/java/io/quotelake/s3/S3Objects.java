package io.quotelake.s3;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Small single objects of a bucket, written under a condition, over the client that the part files
 * of the same job use. Requests are repeated as those of part files are: after an answer that got
 * lost, a write may find its own content there, and say that the condition didn't hold.
 *
 * <p>Conditional writes are <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html">S3's
 * own</a>; some other stores take the condition and don't look at it.
 */
public final class S3Objects implements AutoCloseable {
    /** S3 answers so while another conditional write of the same key is under way. */
    private static final int CONFLICT = 409;

    private static final int PRECONDITION_FAILED = 412;
    private static final int ATTEMPTS_AFTER_CONFLICT = 20;
    private static final long PAUSE_AFTER_CONFLICT_MILLIS = 100;

    private final S3Connection connection;
    private final String bucket;

    private S3Objects(S3Connection connection, String bucket) {
        this.connection = connection;
        this.bucket = bucket;
    }

    /**
     * An object as it was read.
     *
     * @param eTag names this content in a condition
     */
    public record Content(byte[] bytes, String eTag) {}

    /** A bucket's objects. Close it with the task that uses it. */
    public static S3Objects open(String bucket, S3Options options) {
        return new S3Objects(S3Connection.share(options), bucket);
    }

    static S3Objects open(String bucket, S3Settings settings) {
        return new S3Objects(S3Connection.share(settings), bucket);
    }

    /** The object, or nothing if there is none. */
    public Optional<Content> get(String key) throws IOException {
        try {
            ResponseBytes<GetObjectResponse> answer =
                    call(
                            "read",
                            key,
                            () ->
                                    connection
                                            .client()
                                            .getObjectAsBytes(
                                                    request -> request.bucket(bucket).key(key)));
            return Optional.of(new Content(answer.asByteArray(), answer.response().eTag()));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    /**
     * Writes the object if there is none.
     *
     * @return its ETag, or nothing if there is one already
     */
    public Optional<String> putIfAbsent(String key, byte[] content)
            throws IOException, InterruptedException {
        return putIf(request -> request.ifNoneMatch("*"), key, content);
    }

    /**
     * Writes the object if it is still the one that was read.
     *
     * @param eTag of {@link Content}, or of the last write
     * @return its new ETag, or nothing if it was changed or removed
     */
    public Optional<String> putIfUnchanged(String key, byte[] content, String eTag)
            throws IOException, InterruptedException {
        return putIf(request -> request.ifMatch(eTag), key, content);
    }

    private Optional<String> putIf(
            Consumer<PutObjectRequest.Builder> condition, String key, byte[] content)
            throws IOException, InterruptedException {
        String crc32 = connection.sendsChecksums() ? Bytes.of(content).crc32() : null;
        for (int attempt = 1; ; attempt++) {
            try {
                return Optional.of(
                        call(
                                "write",
                                key,
                                () ->
                                        connection
                                                .client()
                                                .putObject(
                                                        request ->
                                                                request.bucket(bucket)
                                                                        .key(key)
                                                                        .checksumCRC32(crc32)
                                                                        .applyMutation(condition),
                                                        RequestBody.fromBytes(content))
                                                .eTag()));
            } catch (FileNotFoundException removed) {
                return Optional.empty();
            } catch (IOException e) {
                int status = e.getCause() instanceof S3Exception answer ? answer.statusCode() : 0;
                if (status == PRECONDITION_FAILED) {
                    return Optional.empty();
                }
                if (status != CONFLICT || attempt == ATTEMPTS_AFTER_CONFLICT) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_CONFLICT_MILLIS);
            }
        }
    }

    /** Whether there is any object whose key begins with the prefix; one request. */
    public boolean hasAny(String prefix) throws IOException {
        return call(
                        "list",
                        prefix,
                        () ->
                                connection
                                        .client()
                                        .listObjectsV2(
                                                request ->
                                                        request.bucket(bucket)
                                                                .prefix(prefix)
                                                                .maxKeys(1)))
                .contents()
                .stream()
                .findAny()
                .isPresent();
    }

    private <T> T call(String what, String key, Supplier<T> request) throws IOException {
        try {
            return request.get();
        } catch (SdkException e) {
            throw S3Failure.explain(what, "s3://" + bucket + "/" + key, bucket, e);
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
