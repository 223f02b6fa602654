package io.quotelake.local.stack;

import io.quotelake.local.process.JavaCommand;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The ZooKeeper that comes with Flink, as one server: it says which JobManager leads, and keeps
 * where the newest state of each job is.
 */
final class ZooKeeper extends Service {
    private static final int ANSWER_WITHIN_MILLIS = 2_000;

    private final FlinkRuntime runtime;
    private final FlinkConfiguration configuration;
    private int port;

    ZooKeeper(StackOptions options, FlinkRuntime runtime, FlinkConfiguration configuration) {
        super("ZooKeeper", "zookeeper", options.state());
        this.runtime = runtime;
        this.configuration = configuration;
    }

    @Override
    public String address() {
        return Ports.ADDRESS + ":" + port;
    }

    @Override
    protected void choosePorts() {
        port = Ports.free();
        configuration.set("high-availability.type", "zookeeper");
        configuration.set("high-availability.zookeeper.quorum", address());
        configuration.set(
                "high-availability.storageDir",
                "s3://" + StateDirectory.FLINK_BUCKET + "/high-availability");
    }

    @Override
    protected JavaCommand command() throws IOException {
        configuration.write();
        Path file = state().zooKeeper().resolve("zoo.cfg");
        Files.createDirectories(file.getParent());
        Files.write(
                file,
                List.of(
                        "dataDir=" + state().zooKeeper().resolve("data"),
                        "clientPortAddress=" + Ports.ADDRESS,
                        "clientPort=" + port,
                        "admin.enableServer=false"));
        return runtime.main(
                        runtime.java("zookeeper", "log4j.properties", log()).options("-Xmx128m"),
                        "org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer")
                .arguments("--zkConfigFile", file.toString(), "--peerId", "1");
    }

    @Override
    protected List<Path> logs() {
        return List.of(log(), output());
    }

    /** It says what it is when it is asked with a word of four letters. */
    @Override
    public boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(Ports.ADDRESS, port), ANSWER_WITHIN_MILLIS);
            socket.setSoTimeout(ANSWER_WITHIN_MILLIS);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readAllBytes();
            return new String(answer, StandardCharsets.US_ASCII).contains("Mode: standalone");
        } catch (IOException e) {
            return false;
        }
    }
}
