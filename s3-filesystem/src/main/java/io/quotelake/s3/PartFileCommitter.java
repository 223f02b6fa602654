package io.quotelake.s3;

import com.amazonaws.services.s3.model.ObjectMetadata;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream.Committer;
import org.apache.flink.core.fs.RecoverableWriter.CommitRecoverable;

/**
 * Publishes a finished file, as often as it is asked to: with one PutObject of the same bytes to
 * the same key, or by completing the multipart upload unless that has happened already. A request
 * whose answer got lost is such a case.
 */
final class PartFileCommitter implements Committer {
    private final S3Bucket bucket;
    private final PartFileRecoverable file;

    PartFileCommitter(S3Bucket bucket, PartFileRecoverable file) {
        this.bucket = bucket;
        this.file = file;
    }

    @Override
    public void commit() throws IOException {
        if (file.isMultipart()) {
            completeUpload();
        } else {
            bucket.put(file.key(), file.tail());
            PartFiles.OBJECTS_PUT.incrementAndGet();
        }
        file.committed();
    }

    @Override
    public void commitAfterRecovery() throws IOException {
        commit();
    }

    @Override
    public CommitRecoverable getRecoverable() {
        return file;
    }

    private void completeUpload() throws IOException {
        try {
            bucket.completeUpload(file.key(), file.uploadId(), file.parts());
        } catch (FileNotFoundException noSuchUpload) {
            checkPublished(noSuchUpload);
        }
        PartFiles.MULTIPART_UPLOADS_COMPLETED.incrementAndGet();
    }

    private void checkPublished(FileNotFoundException noSuchUpload) throws IOException {
        Optional<ObjectMetadata> object = bucket.head(file.key());
        if (object.isEmpty()) {
            throw new IOException(MultipartUpload.goneMessage(bucket, file), noSuchUpload);
        }
        long length = object.get().getContentLength();
        String eTag = object.get().getETag();
        if (length != file.bytesInParts() || contradicts(object.get(), file.parts())) {
            throw new IOException(
                    String.format(
                            "%s is another object than the one to publish: it has %,d bytes and ETag %s, and the file"
                                    + " has %,d bytes in %d parts. Does another job write to this prefix?",
                            bucket.address(file.key()),
                            length,
                            eTag,
                            file.bytesInParts(),
                            file.parts().size()),
                    noSuchUpload);
        }
    }

    /**
     * Whether the object's ETag shows that it was made of other parts. The ETag of a multipart
     * object is the MD5 of its parts' MD5s, and their number; with KMS or customer keys it says
     * nothing.
     */
    private static boolean contradicts(ObjectMetadata object, List<UploadedPart> parts) {
        boolean eTagIsMd5 =
                (object.getSSEAlgorithm() == null
                                || object.getSSEAlgorithm()
                                        .equals(ObjectMetadata.AES_256_SERVER_SIDE_ENCRYPTION))
                        && object.getSSECustomerAlgorithm() == null
                        && parts.stream()
                                .allMatch(part -> PartFileRecoverableSerializer.isMd5(part.eTag()));
        return eTagIsMd5
                && object.getETag() != null
                && !object.getETag().equals(multipartETag(parts));
    }

    private static String multipartETag(List<UploadedPart> parts) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            for (UploadedPart part : parts) {
                md5.update(HexFormat.of().parseHex(part.eTag()));
            }
            return HexFormat.of().formatHex(md5.digest()) + "-" + parts.size();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has MD5", e);
        }
    }
}
