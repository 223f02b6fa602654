package io.quotelake.local.stack;

import io.quotelake.flink.FlinkRest;
import io.quotelake.local.process.Orphans;
import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * The addresses of a stack that another process of this project has started.
 *
 * @param state where it keeps everything
 * @param bootstrapServers its broker
 * @param s3 its S3 endpoint
 * @param web Flink's REST interface and web UI
 * @param topic the topic of its quotes
 * @param bucket the bucket of its lake
 */
public record RunningStack(
        StateDirectory state,
        String bootstrapServers,
        URI s3,
        URI web,
        String topic,
        String bucket) {

    private static final int ANSWER_WITHIN_MILLIS = 500;

    /**
     * Kafka's ApiVersions request, version 0: its size, key, version, correlation and no client.
     */
    private static final byte[] API_VERSIONS = {0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, -1, -1};

    /** The stack that runs in a state directory, if one does. */
    public static Optional<RunningStack> find(StateDirectory state) throws IOException {
        Path file = file(state);
        if (!RunLock.isTaken(state) || !Files.exists(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return Optional.of(
                new RunningStack(
                        state,
                        properties.getProperty("kafka"),
                        URI.create(properties.getProperty("s3")),
                        URI.create(properties.getProperty("web")),
                        properties.getProperty("topic"),
                        properties.getProperty("bucket")));
    }

    /**
     * The stack that runs in a state directory.
     *
     * @throws Failure if none does
     */
    public static RunningStack require(StateDirectory state) throws IOException {
        Optional<RunningStack> running = find(state);
        if (running.isPresent()) {
            return running.get();
        }
        throw Failure.ofUse(noneRuns(state));
    }

    /** That no stack runs in a state directory, and what is to be done about it. */
    public static String noneRuns(StateDirectory state) throws IOException {
        if (RunLock.isTaken(state)) {
            return "a stack is being started or stopped here: try again when it is up";
        }
        List<String> orphans = Orphans.alive(state.run());
        return orphans.isEmpty()
                ? "no stack runs here: start one in another terminal with ./quotelake up"
                : "the launcher of the stack was killed; %s still end: ./quotelake up ends them, and goes on with their data"
                        .formatted(String.join(", ", orphans));
    }

    /** The table that its job writes unless it is told another. */
    public String table() {
        return "s3://" + bucket + "/" + topic;
    }

    /** Whether the broker answers the first question of every client. */
    public Answer broker() {
        int port =
                Integer.parseInt(bootstrapServers.substring(bootstrapServers.lastIndexOf(':') + 1));
        return ask(port, API_VERSIONS);
    }

    /** Whether the S3 endpoint answers, if only to say that a request must be signed. */
    public Answer s3Endpoint() {
        return ask(s3.getPort(), "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** What became of a question to a service. */
    public enum Answer {
        UP("up"),
        /** A suspended process, or a busy one: it takes connections, and says nothing of use. */
        SILENT("doesn't answer"),
        DOWN("DOWN");

        private final String words;

        Answer(String words) {
            this.words = words;
        }

        /** What a question that failed tells. */
        public static Answer of(IOException e) {
            return e instanceof ConnectException ? DOWN : SILENT;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    private static Answer ask(int port, byte[] question) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(Ports.ADDRESS, port), ANSWER_WITHIN_MILLIS);
            socket.setSoTimeout(ANSWER_WITHIN_MILLIS);
            socket.getOutputStream().write(question);
            return socket.getInputStream().read() >= 0 ? Answer.UP : Answer.DOWN;
        } catch (IOException e) {
            return Answer.of(e);
        }
    }

    /** Flink's REST interface. */
    public FlinkRest rest() {
        return new FlinkRest(web);
    }

    /** The same for who does not wait longer for an answer. */
    public FlinkRest rest(Duration answerWithin) {
        return new FlinkRest(web, answerWithin);
    }

    /** Flink's command-line client, with the configuration that the stack has written. */
    public FlinkClient client(Installation installation) {
        Path directory = state.flink().resolve("conf");
        FlinkConfiguration written = new FlinkConfiguration(directory, directory);
        return new FlinkClient(
                new FlinkRuntime(installation, new StackOptions(state), written), state);
    }

    static void write(Stack stack) throws IOException {
        Properties properties = new Properties();
        properties.put("kafka", stack.broker().bootstrapServers());
        properties.put("s3", stack.s3().uri().toString());
        properties.put("web", stack.flink().rest().address().toString());
        properties.put("topic", stack.settings().topic());
        properties.put("bucket", stack.settings().bucket());
        try (var writer = Files.newBufferedWriter(file(stack.state()))) {
            properties.store(writer, null);
        }
    }

    static void delete(StateDirectory state) throws IOException {
        Files.deleteIfExists(file(state));
    }

    private static Path file(StateDirectory state) {
        return state.run().resolve("stack.properties");
    }
}
