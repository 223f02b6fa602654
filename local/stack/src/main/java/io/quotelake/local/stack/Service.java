package io.quotelake.local.stack;

import io.quotelake.local.process.ChildProcess;
import io.quotelake.local.process.LogTail;
import io.quotelake.local.process.ProgramCommand;
import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One process of the stack: a broker, an S3 endpoint, a JobManager or a TaskManager. */
public abstract class Service implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofMinutes(5);
    private static final Duration ASK_EVERY = Duration.ofMillis(100);
    private static final int ANSWER_WITHIN_MILLIS = 2_000;
    private static final int LOG_LINES_READ = 100;

    /**
     * Another process may take a port between our look at it and the child's: then others are
     * tried.
     */
    private static final int PORT_ATTEMPTS = 3;

    private final String name;
    private final String fileName;
    private final StateDirectory state;
    private volatile ChildProcess process;
    private volatile boolean closed;
    private boolean portsChosen;

    protected Service(String name, String fileName, StateDirectory state) {
        this.name = name;
        this.fileName = fileName;
        this.state = state;
    }

    /** What a person calls it. */
    public final String name() {
        return name;
    }

    /** What its metrics and files are named after. */
    final String fileName() {
        return fileName;
    }

    /** The running process, or the last one that ran. */
    public final ChildProcess process() {
        if (process == null) {
            throw new IllegalStateException(name + " was not started");
        }
        return process;
    }

    /**
     * Starts the process and returns when it answers. Started again after its end it keeps its
     * ports and its data.
     *
     * @throws Failure when it ends or does not answer in time, with the end of its log
     */
    public final void start() {
        closed = false;
        boolean first = !portsChosen;
        if (first) {
            forgetEarlierLogs();
        }
        for (int attempt = 1; ; attempt++) {
            if (!portsChosen) {
                choosePorts();
                portsChosen = true;
            }
            process = launch();
            Failure failure = awaitReadiness();
            if (failure == null) {
                return;
            }
            process.close();
            if (closed || !first || attempt == PORT_ATTEMPTS || !lostItsPort()) {
                throw failure;
            }
            portsChosen = false;
        }
    }

    /** The end of its log, for a person who wants to know why it died. */
    public final List<String> logTail() {
        List<String> lines = new ArrayList<>();
        for (Path log : logs()) {
            lines.addAll(LogTail.of(log, LOG_LINES_READ));
        }
        return lines;
    }

    /** Stops it politely; it can be started again. */
    @Override
    public final void close() {
        closed = true;
        ChildProcess running = process;
        if (running != null) {
            running.close();
        }
    }

    /** It is about to be stopped: its end is no accident from now on. */
    final void announceClose() {
        closed = true;
    }

    /** Whether it was stopped on purpose. */
    final boolean isClosed() {
        return closed;
    }

    /** Where it answers, for a person. */
    public abstract String address();

    /** Where it shows its metrics to Prometheus; none if it doesn't. */
    public Optional<URI> metrics() {
        return Optional.empty();
    }

    /** The port that it has unless somebody else uses it; none if nobody needs to know its port. */
    public OptionalInt usualPort() {
        return OptionalInt.empty();
    }

    /** The ports for the first start and for each further one that lost a port to somebody else. */
    protected abstract void choosePorts();

    /** Writes its configuration and says how to run it. */
    protected abstract ProgramCommand command() throws IOException;

    /** Asks it whether it is ready to work. */
    public abstract boolean answers();

    /** The files that it logs to, the most telling last. */
    protected List<Path> logs() {
        return List.of(output());
    }

    protected Map<String, String> environment() throws IOException {
        return Map.of();
    }

    static URI metricsOn(int port) {
        return URI.create("http://" + Ports.ADDRESS + ":" + port + "/metrics");
    }

    static boolean answersAt(URI uri) {
        try {
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
            connection.setConnectTimeout(ANSWER_WITHIN_MILLIS);
            connection.setReadTimeout(ANSWER_WITHIN_MILLIS);
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            return false;
        }
    }

    protected final StateDirectory state() {
        return state;
    }

    /** The file that its standard output and error go to. */
    public final Path output() {
        return state.logs().resolve(fileName + ".out");
    }

    public final Path log() {
        return state.logs().resolve(fileName + ".log");
    }

    /** A log tells of one run, with all its restarts. */
    private void forgetEarlierLogs() {
        for (Path log : logs()) {
            try {
                Files.deleteIfExists(log);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private ChildProcess launch() {
        try {
            ProgramCommand command = command();
            return ChildProcess.start(command, environment(), output(), state.run());
        } catch (IOException e) {
            throw new UncheckedIOException(name + " can't be configured", e);
        }
    }

    private Failure awaitReadiness() {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (!answers()) {
            if (closed) {
                return failure("was stopped while it started");
            }
            if (endsWithin(ASK_EVERY)) {
                return failure("ended with exit code " + process.onExit().join());
            }
            if (System.nanoTime() > deadline) {
                return failure("did not answer within " + READY_WITHIN.toSeconds() + " s");
            }
        }
        return null;
    }

    private boolean endsWithin(Duration time) {
        try {
            process.onExit().get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            process.close();
            Thread.currentThread().interrupt();
            throw Failure.atRunTime("Interrupted while waiting for " + name);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private Failure failure(String what) {
        return Failure.atRunTime(
                "%s %s: %s (log: %s)".formatted(name, what, LogTail.reason(logTail()), output()));
    }

    private boolean lostItsPort() {
        return logTail().stream()
                .anyMatch(
                        line ->
                                line.contains("Address already in use")
                                        || line.contains("BindException"));
    }
}
