package io.quotelake.local.stack;

import io.quotelake.local.process.JavaCommand;
import io.quotelake.local.process.Leash;
import io.quotelake.local.process.LogTail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** Flink's own command-line client: {@code flink run}, {@code flink stop} and so on. */
public final class FlinkClient {
    /** A client that no cluster has been configured for says so at each call. */
    private static final String NO_PLUGINS = "WARN  The plugins directory";

    private final FlinkRuntime runtime;
    private final StateDirectory state;

    FlinkClient(FlinkRuntime runtime, StateDirectory state) {
        this.runtime = runtime;
        this.state = state;
    }

    /** The client as the project configures it, for words that need no cluster, such as --help. */
    public static FlinkClient ofNoCluster(Installation installation, StateDirectory state) {
        FlinkConfiguration template =
                new FlinkConfiguration(installation.flinkConf(), installation.flinkConf());
        return new FlinkClient(
                new FlinkRuntime(installation, new StackOptions(state), template), state);
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
        ProcessBuilder builder =
                new ProcessBuilder(Leash.inBackground(command.words())).redirectErrorStream(true);
        builder.environment().putAll(runtime.environment());
        builder.environment().putAll(environment);
        Process client = builder.start();
        List<String> output =
                new String(client.getInputStream().readAllBytes())
                        .lines()
                        .filter(line -> !line.startsWith(NO_PLUGINS))
                        .toList();
        int exitCode = client.onExit().join().exitValue();
        if (exitCode != 0) {
            Files.write(log, output, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        return new Result(exitCode, output, log);
    }

    /**
     * What the client said.
     *
     * @param exitCode 0 when it did what it was told
     * @param output standard output and error, by line
     * @param log the client's own log file; what it said when it failed is at its end
     */
    public record Result(int exitCode, List<String> output, Path log) {

        /** Why it failed: the sentence of the innermost cause. */
        public String reason() {
            return LogTail.reason(output);
        }
    }
}
