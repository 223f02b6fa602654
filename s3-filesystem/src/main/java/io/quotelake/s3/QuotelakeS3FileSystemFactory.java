package io.quotelake.s3;

import java.io.IOException;
import java.net.URI;
import java.security.AccessController;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.fs.s3.common.FlinkS3FileSystem.S5CmdConfiguration;
import org.apache.flink.fs.s3.common.writer.S3AccessHelper;
import org.apache.flink.fs.s3hadoop.S3FileSystemFactory;
import org.apache.hadoop.fs.s3a.S3AFileSystem;

/**
 * Makes file systems for {@code s3://}: flink-s3-fs-hadoop with the same configuration keys, whose
 * {@link org.apache.flink.core.fs.RecoverableWriter} keeps unfinished files in memory and in Flink
 * state instead of in the bucket.
 */
public class QuotelakeS3FileSystemFactory extends S3FileSystemFactory {

    /** Bytes of part files that one process may hold in memory, over all slots. */
    public static final ConfigOption<MemorySize> MAX_BUFFERED_BYTES =
            ConfigOptions.key("s3.writer.max-buffered-bytes")
                    .memoryType()
                    .noDefaultValue()
                    .withDescription(
                            "Memory that open and uncommitted part files of one process may hold, over all slots. "
                                    + "Default: a quarter of the heap, because Flink copies the bytes of open files "
                                    + "while it takes a checkpoint.");

    @Override
    public void configure(Configuration configuration) {
        super.configure(configuration);
        PartFileMemory.PROCESS.setMaxBytes(maxBufferedBytes(configuration));
        PartFiles.registerMBean();
    }

    private static long maxBufferedBytes(Configuration configuration) {
        long bytes =
                configuration
                        .getOptional(MAX_BUFFERED_BYTES)
                        .map(MemorySize::getBytes)
                        .orElse(PartFileMemory.defaultMaxBytes());
        if (bytes <= 0) {
            throw new IllegalConfigurationException(
                    MAX_BUFFERED_BYTES.key() + " must be more than zero, for example 256m.");
        }
        return bytes;
    }

    /**
     * Creates the file system so that threads which the S3 client starts don't hold on to a job's
     * class loader.
     */
    @Override
    @SuppressWarnings("removal")
    public FileSystem create(URI fsUri) throws IOException {
        try {
            return AccessController.doPrivileged(
                    (PrivilegedExceptionAction<FileSystem>) () -> super.create(fsUri));
        } catch (PrivilegedActionException e) {
            throw (IOException) e.getException();
        }
    }

    @Override
    protected FileSystem createFlinkFileSystem(
            org.apache.hadoop.fs.FileSystem hadoopFileSystem,
            S5CmdConfiguration s5CmdConfiguration,
            String localTmpDirectory,
            String entropyInjectionKey,
            int entropyLength,
            S3AccessHelper s3AccessHelper,
            long partSizeBytes,
            int maxConcurrentUploadsPerFile) {
        return new QuotelakeS3FileSystem(
                (S3AFileSystem) hadoopFileSystem,
                s5CmdConfiguration,
                localTmpDirectory,
                entropyInjectionKey,
                entropyLength,
                s3AccessHelper,
                partSizeBytes,
                maxConcurrentUploadsPerFile);
    }
}
