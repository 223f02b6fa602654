package io.quotelake.s3;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream.Committer;
import org.apache.flink.core.fs.RecoverableWriter.CommitRecoverable;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

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
            bucket.connection().objectsPut().incrementAndGet();
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
        bucket.connection().multipartUploadsCompleted().incrementAndGet();
    }

    /** The upload is gone: because this file was published, or for another reason. */
    private void checkPublished(FileNotFoundException noSuchUpload) throws IOException {
        Optional<HeadObjectResponse> object = bucket.head(file.key());
        if (object.isEmpty()) {
            throw new IOException(MultipartUpload.goneMessage(bucket, file), noSuchUpload);
        }
        long length = object.get().contentLength();
        if (length != file.bytesInParts() || contradicts(object.get(), file.parts())) {
            throw new IOException(
                    String.format(
                            Locale.ROOT,
                            "%s is another object than the one to publish: it has %,d bytes and ETag %s, and the file"
                                    + " has %,d bytes in %d parts. Does another job write to this prefix?",
                            bucket.address(file.key()),
                            length,
                            S3Bucket.unquoted(object.get().eTag()),
                            file.bytesInParts(),
                            file.parts().size()),
                    noSuchUpload);
        }
    }

    /**
     * Whether the object was made of other parts: by its checksum where one was sent with each
     * part, else by its ETag where that is made of MD5s. With KMS or customer keys an ETag says
     * nothing.
     */
    private static boolean contradicts(HeadObjectResponse object, List<UploadedPart> parts)
            throws IOException {
        if (object.checksumCRC32() != null
                && object.checksumType() != ChecksumType.FULL_OBJECT
                && parts.stream().allMatch(part -> part.crc32() != null)) {
            // S3 puts the number of parts behind it, and another store does not.
            String checksum = object.checksumCRC32().replaceFirst("-.*", "");
            return !checksum.equals(compositeCrc32(parts));
        }
        boolean eTagIsMd5 =
                (object.serverSideEncryption() == null
                                || object.serverSideEncryption() == ServerSideEncryption.AES256)
                        && object.sseCustomerAlgorithm() == null
                        && parts.stream()
                                .allMatch(part -> PartFileRecoverableSerializer.isMd5(part.eTag()));
        return eTagIsMd5
                && object.eTag() != null
                && !S3Bucket.unquoted(object.eTag()).equals(multipartETag(parts));
    }

    /**
     * The checksum of the parts' checksums, <a
     * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html">as
     * S3 makes it</a>.
     */
    static String compositeCrc32(List<UploadedPart> parts) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(Integer.BYTES * parts.size());
        for (UploadedPart part : parts) {
            all.put(Base64.getDecoder().decode(part.crc32()));
        }
        return Bytes.of(all.array()).crc32();
    }

    /** The MD5 of the parts' MD5s, and their number. */
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
