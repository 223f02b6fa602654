package io.quotelake.s3;

/**
 * A part that S3 has.
 *
 * @param number its number in the multipart upload, 1 to 10,000
 * @param eTag what S3 answered to its upload, without quotes
 * @param crc32 its checksum as S3 writes it, base64; null where none was sent
 */
record UploadedPart(int number, String eTag, String crc32) {

    /** Whether both are the same upload of the same part; a listing may leave checksums out. */
    boolean isSameAs(UploadedPart other) {
        return number == other.number && eTag.equals(other.eTag);
    }
}
