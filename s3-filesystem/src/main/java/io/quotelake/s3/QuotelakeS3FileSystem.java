package io.quotelake.s3;

import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.fs.s3.common.FlinkS3FileSystem;
import org.apache.flink.fs.s3.common.writer.S3AccessHelper;
import org.apache.hadoop.fs.s3a.S3AFileSystem;

/** Flink's S3 file system in everything but the recoverable writer. */
final class QuotelakeS3FileSystem extends FlinkS3FileSystem {
    private final S3Bucket bucket;
    private final int partSizeBytes;
    private final int maxConcurrentUploadsPerFile;

    QuotelakeS3FileSystem(
            S3AFileSystem s3a,
            S5CmdConfiguration s5CmdConfiguration,
            String localTmpDirectory,
            String entropyInjectionKey,
            int entropyLength,
            S3AccessHelper s3AccessHelper,
            long partSizeBytes,
            int maxConcurrentUploadsPerFile) {
        super(
                s3a,
                s5CmdConfiguration,
                localTmpDirectory,
                entropyInjectionKey,
                entropyLength,
                s3AccessHelper,
                partSizeBytes,
                maxConcurrentUploadsPerFile);
        this.bucket = new S3Bucket(s3a);
        this.partSizeBytes = (int) Math.min(partSizeBytes, PartFileWriter.MAX_PART_SIZE_BYTES);
        this.maxConcurrentUploadsPerFile = maxConcurrentUploadsPerFile;
    }

    @Override
    public RecoverableWriter createRecoverableWriter() {
        return new PartFileWriter(
                bucket, PartFileMemory.PROCESS, partSizeBytes, maxConcurrentUploadsPerFile);
    }
}
