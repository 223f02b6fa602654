package io.quotelake.local.stack;

import io.quotelake.local.process.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Flink's own command-line client: {@code flink run}, {@code flink stop} and so on. */
public final class FlinkClient {
    private final FlinkRuntime runtime;
    private final StateDirectory state;

    FlinkClient(FlinkRuntime runtime, StateDirectory state) {
        this.runtime = runtime;
        this.state = state;
    }

    /**
     * Runs the client and waits for its end.
     *
     * @param arguments as after {@code flink}, e.g. {@code run -d job.jar}
     * @param environment variables beside the launcher's own
     */
    public Result run(List<String> arguments, Map<String, String> environment) throws IOException {
        Files.createDirectories(state.logs());
        Path log = state.logs().resolve("flink-client.log");
        JavaCommand command =
                runtime.main(
                                runtime.java("client", "log4j-cli.properties", log)
                                        .shortLived()
                                        .options("-Xmx256m"),
                                "org.apache.flink.client.cli.CliFrontend")
                        .arguments(arguments);
        ProcessBuilder builder = new ProcessBuilder(command.words()).redirectErrorStream(true);
        builder.environment().putAll(runtime.environment());
        builder.environment().putAll(environment);
        Process client = builder.start();
        client.getOutputStream().close();
        List<String> output = new String(client.getInputStream().readAllBytes()).lines().toList();
        return new Result(client.onExit().join().exitValue(), output, log);
    }

    /**
     * What the client said.
     *
     * @param exitCode 0 when it did what it was told
     * @param output standard output and error, by line
     * @param log the client's own log file
     */
    public record Result(int exitCode, List<String> output, Path log) {}
}
