package io.quotelake.system.launcher;

import static org.awaitility.Awaitility.await;

import io.quotelake.local.Main;
import io.quotelake.local.process.JavaCommand;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionTimeoutException;

/** The launcher as a process of its own, as a person has it in a terminal. */
final class LauncherProcess {
    private LauncherProcess() {}

    /**
     * Runs {@code up} until the stack is there.
     *
     * @param state where the stack keeps all that it has
     * @param output the file that takes what the launcher prints
     * @param patience how long the stack may take
     */
    static Process up(Path state, Path output, Duration patience) throws IOException {
        List<String> command =
                new JavaCommand()
                        .options("-Dquotelake.home=" + System.getProperty("quotelake.home"))
                        .options("-Dquotelake.state=" + state)
                        .main(Main.class.getName(), System.getProperty("java.class.path"))
                        .arguments("up")
                        .words();
        Files.deleteIfExists(output);
        Process launcher =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.to(output.toFile()))
                        .start();
        try {
            await().atMost(patience)
                    .until(() -> Files.readString(output).contains("Stop with Ctrl-C"));
        } catch (ConditionTimeoutException e) {
            launcher.destroy();
            throw e;
        }
        return launcher;
    }
}
