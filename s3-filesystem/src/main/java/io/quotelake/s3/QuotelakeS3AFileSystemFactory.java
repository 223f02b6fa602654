package io.quotelake.s3;

/**
 * The same file systems as {@link QuotelakeS3FileSystemFactory}, under the scheme {@code s3a://}.
 */
public class QuotelakeS3AFileSystemFactory extends QuotelakeS3FileSystemFactory {
    @Override
    public String getScheme() {
        return "s3a";
    }
}
