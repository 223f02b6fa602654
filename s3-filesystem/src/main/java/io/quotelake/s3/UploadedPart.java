package io.quotelake.s3;

/**
 * A part that S3 has.
 *
 * @param number its number in the multipart upload, 1 to 10,000
 * @param eTag what S3 answered to its upload, without quotes
 */
record UploadedPart(int number, String eTag) {}
