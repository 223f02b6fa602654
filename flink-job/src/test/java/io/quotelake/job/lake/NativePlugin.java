package io.quotelake.job.lake;

import io.quotelake.s3.S3Server;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.DefaultPluginManager;
import org.apache.flink.core.plugin.DirectoryBasedPluginFinder;

/**
 * Flink's plugin flink-s3-fs-native in this process, loaded as Flink loads plugins, and an endpoint
 * for it and for the job.
 */
public final class NativePlugin implements AutoCloseable {

    private final S3Server server;

    /** Loads it; the endpoint keeps its objects in the directory. */
    public NativePlugin(Path directory) throws Exception {
        server = new S3Server(directory);
        System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
        System.setProperty("aws.endpointUrlS3", "http://127.0.0.1:" + server.port());
        Configuration configuration = S3Server.configuration(server.port());
        configuration.setString("s3.region", "us-east-1");
        FileSystem.initialize(
                configuration,
                new DefaultPluginManager(
                        new DirectoryBasedPluginFinder(Path.of("target/plugins")).findPlugins(),
                        CoreOptions.getPluginParentFirstLoaderPatterns(configuration)));
    }

    public S3Server server() {
        return server;
    }

    @Override
    public void close() throws Exception {
        FileSystem.initialize(new Configuration(), null);
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
        System.clearProperty("aws.endpointUrlS3");
        server.close();
    }
}
