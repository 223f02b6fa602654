package io.quotelake.local.s3;

import java.util.List;
import java.util.regex.Pattern;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A directory's objects as S3 lists them: those that are complete. S3Proxy receives an object into
 * a file beside it, named by the key and a UUID, and renames that at the end; without this a
 * listing shows both.
 */
final class CompleteObjects extends ForwardingBlobStore {
    private static final Pattern ARRIVING =
            Pattern.compile(".*[^/]-\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    CompleteObjects(BlobStore directory) {
        super(directory);
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        ListObjectsV2Response all = super.list(request);
        List<S3Object> complete =
                all.contents().stream()
                        .filter(object -> !ARRIVING.matcher(object.key()).matches())
                        .toList();
        int arriving = all.contents().size() - complete.size();
        return arriving == 0
                ? all
                : all.toBuilder()
                        .contents(complete)
                        .keyCount(all.keyCount() == null ? null : all.keyCount() - arriving)
                        .build();
    }
}
