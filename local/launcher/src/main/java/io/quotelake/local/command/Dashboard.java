package io.quotelake.local.command;

import io.quotelake.local.process.ChildProcess;
import io.quotelake.local.process.JavaCommand;
import io.quotelake.local.process.Leash;
import io.quotelake.local.process.LogTail;
import io.quotelake.local.stack.RunningStack;
import io.quotelake.local.stack.Stack;
import io.quotelake.local.stack.Workspace;
import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The project's dashboard, run as the program that it is. */
final class Dashboard {
    /** What it says once it answers. */
    private static final String READY = "Dashboard: ";

    private static final int ASK_EVERY_MILLIS = 100;

    private final Workspace workspace;

    Dashboard(Workspace workspace) {
        this.workspace = workspace;
    }

    /**
     * Starts it beside a stack, with which it ends.
     *
     * @param csv the file that is published, if one is
     */
    ChildProcess beside(Stack stack, Optional<Path> csv) throws IOException {
        List<String> watched =
                new ArrayList<>(
                        watched(
                                stack.broker().bootstrapServers(),
                                stack.flink().rest().address().toString()));
        csv.ifPresent(file -> watched.addAll(List.of("--csv", file.toString())));
        Path log = workspace.state().logs().resolve("dashboard.log");
        Files.deleteIfExists(log);
        return stack.closeFirst(
                ChildProcess.start(command(watched), Map.of(), log, workspace.state().run()));
    }

    /** Waits until it answers, and says where; a stack is of use without it. */
    String address(ChildProcess dashboard) {
        while (true) {
            for (String line : LogTail.of(dashboard.output(), 10)) {
                if (line.startsWith(READY)) {
                    return line.substring(READY.length());
                }
            }
            if (endsWithin(ASK_EVERY_MILLIS, dashboard)) {
                return "did not start: %s (log: %s)"
                        .formatted(
                                LogTail.reason(LogTail.of(dashboard.output(), 20)),
                                dashboard.output());
            }
        }
    }

    private static boolean endsWithin(int millis, ChildProcess process) {
        try {
            process.onExit().get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.atRunTime("interrupted");
        }
    }

    /** On the user's terminal, until its end: over the running stack, or else over the lake. */
    int inForeground(List<String> arguments) throws IOException {
        Optional<RunningStack> stack = RunningStack.find(workspace.state());
        List<String> words = new ArrayList<>();
        if (stack.isPresent()) {
            words.addAll(watched(stack.get().bootstrapServers(), stack.get().web().toString()));
        } else {
            words.addAll(lake());
        }
        words.addAll(arguments);
        Process dashboard =
                new ProcessBuilder(Leash.onTerminal(command(words).words())).inheritIO().start();
        return dashboard.onExit().join().exitValue();
    }

    private List<String> watched(String bootstrapServers, String web) {
        List<String> words = new ArrayList<>(lake());
        words.addAll(List.of("--bootstrap-servers", bootstrapServers, "--flink", web));
        words.addAll(List.of("--resume-command", "./quotelake submit --resume"));
        return words;
    }

    private List<String> lake() {
        String bucket = workspace.settings().bucket();
        String topic = workspace.settings().topic();
        return List.of(
                "--topic",
                topic,
                "--lake",
                workspace.state().s3().resolve(bucket).resolve(topic).toString(),
                "--location",
                "s3://" + bucket + "/" + topic,
                "--verify-report",
                workspace.state().verified().toString());
    }

    private JavaCommand command(List<String> arguments) throws IOException {
        Path temporary = Files.createDirectories(workspace.state().temporary());
        return new JavaCommand()
                .options("-Xmx192m", "-XX:+UseSerialGC", "-Djava.io.tmpdir=" + temporary)
                .jar(workspace.installation().dashboardJar())
                .arguments(arguments);
    }
}
