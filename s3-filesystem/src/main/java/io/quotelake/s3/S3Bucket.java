package io.quotelake.s3;

import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.model.CompleteMultipartUploadRequest;
import com.amazonaws.services.s3.model.ListPartsRequest;
import com.amazonaws.services.s3.model.ObjectMetadata;
import com.amazonaws.services.s3.model.PartETag;
import com.amazonaws.services.s3.model.PartListing;
import com.amazonaws.services.s3.model.PartSummary;
import com.amazonaws.services.s3.model.S3Object;
import com.amazonaws.services.s3.model.UploadPartRequest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.util.TemporaryClassLoaderContext;
import org.apache.hadoop.fs.s3a.S3AFileSystem;
import org.apache.hadoop.fs.s3a.WriteOperationHelper;
import org.apache.hadoop.fs.s3a.api.RequestFactory;
import org.apache.hadoop.util.functional.CallableRaisingIOE;

/**
 * The S3 requests of part files. Requests are made by S3A's request factory (encryption, storage
 * class, ACL and request headers as configured) and repeated by S3A's own retry policy ({@code
 * fs.s3a.retry.*}, {@code fs.s3a.attempts.maximum}) with back-off; each attempt reads the bytes
 * from their beginning. They run with the plugin's class loader, because the S3 client starts
 * threads on demand.
 */
final class S3Bucket {
    private final S3AFileSystem s3a;
    private final AmazonS3 client;
    private final WriteOperationHelper retrying;
    private final RequestFactory requests;

    S3Bucket(S3AFileSystem s3a) {
        this.s3a = s3a;
        this.client = clientOf(s3a);
        this.retrying = s3a.getWriteOperationHelper();
        this.requests = s3a.getRequestFactory();
    }

    /** S3A's only public way to its client logs a warning about itself at each start. */
    private static AmazonS3 clientOf(S3AFileSystem s3a) {
        try {
            Method accessor = S3AFileSystem.class.getDeclaredMethod("getAmazonS3Client");
            accessor.setAccessible(true);
            return (AmazonS3) accessor.invoke(s3a);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("S3AFileSystem has no getAmazonS3Client()", e);
        }
    }

    /** The object's address as a person writes it. */
    String address(String key) {
        return "s3://" + s3a.getBucket() + "/" + key;
    }

    void put(String key, Bytes bytes) throws IOException {
        call(
                "write",
                key,
                () ->
                        client.putObject(
                                requests.newPutObjectRequest(
                                        key,
                                        requests.newObjectMetadata(bytes.length()),
                                        bytes.newInputStream())));
    }

    /** The object's length and ETag, or nothing if there is no such object. */
    Optional<ObjectMetadata> head(String key) throws IOException {
        try {
            return Optional.of(
                    call(
                            "look up",
                            key,
                            () ->
                                    client.getObjectMetadata(
                                            requests.newGetObjectMetadataRequest(key))));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    byte[] get(String key) throws IOException {
        return call(
                "read",
                key,
                () -> {
                    try (S3Object object = client.getObject(requests.newGetObjectRequest(key))) {
                        return object.getObjectContent().readAllBytes();
                    }
                });
    }

    String startUpload(String key) throws IOException {
        return call(
                "start a multipart upload of",
                key,
                () ->
                        client.initiateMultipartUpload(requests.newMultipartUploadRequest(key))
                                .getUploadId());
    }

    UploadedPart uploadPart(String key, String uploadId, int number, Bytes bytes)
            throws IOException {
        return call(
                "upload part " + number + " of",
                key,
                () -> {
                    UploadPartRequest request =
                            requests.newUploadPartRequest(
                                    key,
                                    uploadId,
                                    number,
                                    bytes.length(),
                                    bytes.newInputStream(),
                                    null,
                                    0);
                    return new UploadedPart(number, client.uploadPart(request).getETag());
                });
    }

    /** All parts that S3 has of an upload. */
    List<UploadedPart> listParts(String key, String uploadId) throws IOException {
        return call(
                "list the parts of",
                key,
                () -> {
                    List<UploadedPart> parts = new ArrayList<>();
                    ListPartsRequest request = new ListPartsRequest(s3a.getBucket(), key, uploadId);
                    PartListing listing;
                    do {
                        listing = client.listParts(request);
                        for (PartSummary part : listing.getParts()) {
                            parts.add(new UploadedPart(part.getPartNumber(), part.getETag()));
                        }
                        request.setPartNumberMarker(listing.getNextPartNumberMarker());
                    } while (listing.isTruncated());
                    return parts;
                });
    }

    void completeUpload(String key, String uploadId, List<UploadedPart> parts) throws IOException {
        call(
                "complete the multipart upload of",
                key,
                () -> {
                    List<PartETag> eTags = new ArrayList<>(parts.size());
                    for (UploadedPart part : parts) {
                        eTags.add(new PartETag(part.number(), part.eTag()));
                    }
                    CompleteMultipartUploadRequest request =
                            requests.newCompleteMultipartUploadRequest(key, uploadId, eTags);
                    return client.completeMultipartUpload(request);
                });
    }

    void abortUpload(String key, String uploadId) throws IOException {
        call(
                "abort the multipart upload of",
                key,
                () -> {
                    client.abortMultipartUpload(
                            requests.newAbortMultipartUploadRequest(key, uploadId));
                    return null;
                });
    }

    /**
     * @throws FileNotFoundException if the object or the multipart upload does not exist
     * @throws IOException with a message that says what to check
     */
    private <T> T call(String what, String key, CallableRaisingIOE<T> request) throws IOException {
        try (TemporaryClassLoaderContext ignored =
                TemporaryClassLoaderContext.of(S3Bucket.class.getClassLoader())) {
            return retrying.retry(what, key, true, request);
        } catch (FileNotFoundException e) {
            throw e;
        } catch (IOException e) {
            throw S3Failure.explain(what, address(key), s3a.getBucket(), e);
        }
    }
}
