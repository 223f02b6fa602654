package io.quotelake.s3;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;

/**
 * The S3 requests of part files. Each is repeated as {@link S3Settings.Patience} says, and each
 * attempt reads the bytes from their beginning, out of the memory that holds them.
 *
 * <p>AWS gets the CRC-32 of what it is sent, and refuses bytes that arrive with another; buckets
 * with Object Lock want one. Other stores get none, because several refuse requests that have one.
 */
final class S3Bucket {
    private static final String CONTENT_TYPE = "application/octet-stream";

    private final S3Connection connection;
    private final S3Client client;
    private final String name;

    S3Bucket(S3Connection connection, String name) {
        this.connection = connection;
        this.client = connection.client();
        this.name = name;
    }

    S3Connection connection() {
        return connection;
    }

    /** The object's address as a person writes it. */
    String address(String key) {
        return "s3://" + name + "/" + key;
    }

    void put(String key, Bytes bytes) throws IOException {
        String crc32 = checksum(bytes);
        call(
                "write",
                key,
                () ->
                        client.putObject(
                                request -> request.bucket(name).key(key).checksumCRC32(crc32),
                                body(bytes)));
    }

    private String checksum(Bytes bytes) throws IOException {
        return connection.sendsChecksums() ? bytes.crc32() : null;
    }

    private static RequestBody body(Bytes bytes) {
        return RequestBody.fromContentProvider(bytes::newInputStream, bytes.length(), CONTENT_TYPE);
    }

    /** What the object's headers say, its checksum among them, or nothing if there is no object. */
    Optional<HeadObjectResponse> head(String key) throws IOException {
        try {
            return Optional.of(
                    call(
                            "look up",
                            key,
                            () ->
                                    client.headObject(
                                            request ->
                                                    request.bucket(name)
                                                            .key(key)
                                                            .checksumMode(ChecksumMode.ENABLED))));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    byte[] get(String key) throws IOException {
        return call(
                "read",
                key,
                () ->
                        client.getObjectAsBytes(request -> request.bucket(name).key(key))
                                .asByteArrayUnsafe());
    }

    String startUpload(String key) throws IOException {
        ChecksumAlgorithm algorithm = connection.sendsChecksums() ? ChecksumAlgorithm.CRC32 : null;
        return call(
                "start a multipart upload of",
                key,
                () ->
                        client.createMultipartUpload(
                                        request ->
                                                request.bucket(name)
                                                        .key(key)
                                                        .contentType(CONTENT_TYPE)
                                                        .checksumAlgorithm(algorithm))
                                .uploadId());
    }

    /**
     * @param checksummed whether the upload was started with a checksum algorithm; S3 takes
     *     checksums of parts then, and only then
     */
    UploadedPart uploadPart(
            String key, String uploadId, int number, Bytes bytes, boolean checksummed)
            throws IOException {
        String crc32 = checksummed ? bytes.crc32() : null;
        return call(
                "upload part " + number + " of",
                key,
                () ->
                        new UploadedPart(
                                number,
                                unquoted(
                                        client.uploadPart(
                                                        request ->
                                                                request.bucket(name)
                                                                        .key(key)
                                                                        .uploadId(uploadId)
                                                                        .partNumber(number)
                                                                        .checksumCRC32(crc32),
                                                        body(bytes))
                                                .eTag()),
                                crc32));
    }

    /** All parts that S3 has of an upload. */
    List<UploadedPart> listParts(String key, String uploadId) throws IOException {
        List<UploadedPart> parts = new ArrayList<>();
        ListPartsResponse page;
        Integer marker = null;
        do {
            Integer after = marker;
            page =
                    call(
                            "list the parts of",
                            key,
                            () ->
                                    client.listParts(
                                            request ->
                                                    request.bucket(name)
                                                            .key(key)
                                                            .uploadId(uploadId)
                                                            .partNumberMarker(after)));
            page.parts()
                    .forEach(
                            part ->
                                    parts.add(
                                            new UploadedPart(
                                                    part.partNumber(),
                                                    unquoted(part.eTag()),
                                                    part.checksumCRC32())));
            marker = page.nextPartNumberMarker();
        } while (Boolean.TRUE.equals(page.isTruncated()));
        return parts;
    }

    void completeUpload(String key, String uploadId, List<UploadedPart> parts) throws IOException {
        List<CompletedPart> completed =
                parts.stream()
                        .map(
                                part ->
                                        CompletedPart.builder()
                                                .partNumber(part.number())
                                                .eTag(part.eTag())
                                                .checksumCRC32(part.crc32())
                                                .build())
                        .toList();
        call(
                "complete the multipart upload of",
                key,
                () ->
                        client.completeMultipartUpload(
                                request ->
                                        request.bucket(name)
                                                .key(key)
                                                .uploadId(uploadId)
                                                .multipartUpload(all -> all.parts(completed))));
    }

    void abortUpload(String key, String uploadId) throws IOException {
        call(
                "abort the multipart upload of",
                key,
                () ->
                        client.abortMultipartUpload(
                                request -> request.bucket(name).key(key).uploadId(uploadId)));
    }

    static String unquoted(String eTag) {
        return eTag == null ? null : eTag.replace("\"", "");
    }

    /**
     * @throws FileNotFoundException if the object or the multipart upload does not exist
     * @throws S3RefusedException if it is of no use to try again
     * @throws IOException with a message that says what to check
     */
    private <T> T call(String what, String key, Supplier<T> request) throws IOException {
        try {
            return request.get();
        } catch (SdkException e) {
            throw S3Failure.explain(what, address(key), name, e);
        }
    }
}
