package io.quotelake.verifier.table;

import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A lake on S3. */
final class S3Lake implements Lake {
    private final S3Client client;
    private final String bucket;
    private final String prefix;

    /**
     * @param prefix the table's prefix with a slash at its end, or nothing when the bucket is the
     *     table
     */
    S3Lake(S3Client client, String bucket, String prefix) {
        this.client = client;
        this.bucket = bucket;
        this.prefix = prefix;
    }

    /**
     * Lists folder by folder at the first level: an endpoint over a directory pays for all keys of
     * a prefix on each page.
     */
    @Override
    public void list(Consumer<LakeObject> each) throws IOException {
        try {
            for (ListObjectsV2Response page :
                    client.listObjectsV2Paginator(
                            request -> request.bucket(bucket).prefix(prefix).delimiter("/"))) {
                page.contents().forEach(object -> each.accept(asSeen(object)));
                for (CommonPrefix folder : page.commonPrefixes()) {
                    client.listObjectsV2Paginator(
                                    request -> request.bucket(bucket).prefix(folder.prefix()))
                            .contents()
                            .forEach(object -> each.accept(asSeen(object)));
                }
            }
        } catch (SdkException e) {
            throw failure(e, "can't be listed");
        }
    }

    @Override
    public InputStream open(String key) {
        try {
            return client.getObject(request -> request.bucket(bucket).key(prefix + key));
        } catch (SdkException e) {
            throw failure(e, key + " can't be read");
        }
    }

    @Override
    public Optional<InputStream> openBeside(String suffix) {
        String key = prefix.replaceFirst("/$", "") + suffix;
        try {
            return Optional.of(client.getObject(request -> request.bucket(bucket).key(key)));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw failure(e, key + " can't be read");
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private LakeObject asSeen(S3Object object) {
        return new LakeObject(
                object.key().substring(prefix.length()), object.size(), object.lastModified());
    }

    private Failure failure(SdkException e, String what) {
        return Failure.atRunTime(
                "s3://%s/%s: %s: %s. Check the bucket, the credentials and the endpoint."
                        .formatted(bucket, prefix, what, e.getMessage()));
    }
}
