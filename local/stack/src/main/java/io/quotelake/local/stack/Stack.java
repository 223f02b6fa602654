package io.quotelake.local.stack;

import io.quotelake.local.process.Orphans;
import io.quotelake.terminal.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The whole system on one machine: a Kafka broker, an S3 endpoint and a Flink cluster, each in JVMs
 * of its own, all on 127.0.0.1. What is there in the state directory is used again.
 *
 * <pre>{@code
 * StateDirectory state = new StateDirectory(Path.of("target/stack"));
 * try (Stack stack = Stack.start(Installation.current(), new StackOptions(state))) {
 *     stack.broker().createTopic("stock_market", 1);
 * }
 * }</pre>
 */
public final class Stack implements AutoCloseable {
    private final Installation installation;
    private final StackOptions options;
    private final RunLock lock;
    private final KafkaBroker broker;
    private final S3Endpoint s3;
    private final FlinkCluster flink;
    private final List<Service> monitoring;
    private final List<FlinkCluster> clusters = new ArrayList<>();
    private final Thread stopAtExit = new Thread(this::stop, "stop-stack");
    private final List<AutoCloseable> guests = new ArrayList<>();
    private int orphans;
    private Optional<Path> setAside = Optional.empty();

    private Stack(Installation installation, StackOptions options, RunLock lock) {
        this.options = options;
        this.lock = lock;
        broker = new KafkaBroker(installation, options);
        s3 = new S3Endpoint(installation, options);
        this.installation = installation;
        flink = new FlinkCluster(installation, options);
        clusters.add(flink);
        monitoring = options.monitoring() ? monitoring() : List.of();
    }

    /**
     * Starts all services and returns when each of them answers.
     *
     * @throws Failure when {@link StackOptions#demandStartable} does, or when a service can't be
     *     started, after the others were stopped again
     */
    public static Stack start(Installation installation, StackOptions options) {
        options.demandStartable();
        RunLock lock = RunLock.take(options.state());
        Stack stack = new Stack(installation, options, lock);
        Runtime.getRuntime().addShutdownHook(stack.stopAtExit);
        try {
            stack.start();
            return stack;
        } catch (IOException e) {
            stack.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            stack.close();
            throw e;
        }
    }

    /** Where everything is kept. */
    public StateDirectory state() {
        return options.state();
    }

    /** The directory of its topic's table. */
    public Path table() {
        return s3.bucket(settings().bucket()).resolve(settings().topic());
    }

    /** Its topic and bucket. */
    Settings settings() {
        return options.settings();
    }

    public KafkaBroker broker() {
        return broker;
    }

    public S3Endpoint s3() {
        return s3;
    }

    public FlinkCluster flink() {
        return flink;
    }

    /**
     * Starts one more Flink cluster beside the stack's own, on the same broker and endpoint.
     *
     * @param other how it differs; with a state directory of its own
     */
    public FlinkCluster startFlink(StackOptions other) {
        FlinkCluster cluster = new FlinkCluster(installation, other);
        clusters.add(cluster);
        start(cluster);
        return cluster;
    }

    /** All services, in the order in which they are stopped. */
    public List<Service> services() {
        List<Service> services = new ArrayList<>(monitoring);
        for (FlinkCluster cluster : clusters) {
            List<Service> startedLastFirst = new ArrayList<>(cluster.services());
            Collections.reverse(startedLastFirst);
            services.addAll(startedLastFirst);
        }
        services.add(s3);
        services.add(broker);
        return services;
    }

    /** Where the lake and the records of the earlier runs are now, if they were moved away. */
    public Optional<Path> setAside() {
        return setAside;
    }

    /** What was set aside stays there from now on; before, the end of this stack moves it back. */
    public void settle() throws IOException {
        state().settle();
    }

    /** Something that uses the stack: it is closed before the services are. */
    public <T extends AutoCloseable> T closeFirst(T guest) {
        synchronized (guests) {
            guests.add(guest);
        }
        return guest;
    }

    /** How many processes an earlier, killed launcher had left behind; they are gone. */
    public int orphans() {
        return orphans;
    }

    private List<Service> monitoring() {
        Path prometheus = Prometheus.program();
        List<Service> services = new ArrayList<>();
        NodeExporter.program().ifPresent(file -> services.add(new NodeExporter(file, options)));
        services.add(new Prometheus(prometheus, installation, options, this::services));
        return services;
    }

    /** Stops all services. What they wrote stays. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(stopAtExit);
        } catch (IllegalStateException e) {
            return; // This JVM is ending: the hook is at it.
        }
        stop();
    }

    private void stop() {
        services().forEach(Service::announceClose);
        synchronized (guests) {
            guests.forEach(Stack::close);
        }
        services().forEach(Service::close);
        try {
            state().putBack();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.close();
        }
    }

    private static void close(AutoCloseable guest) {
        try {
            guest.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void start() throws IOException {
        RunningStack.delete(state());
        orphans = Orphans.end(state().run());
        Prometheus.forgetTargets(state());
        state().tidy();
        state().putBack();
        switch (options.earlierRun()) {
            case GOES_ON -> {}
            case SET_ASIDE -> setAside = state().setAside();
            case DELETED -> state().deleteEarlierRun();
        }
        options.whenStarting().accept(this);
        CompletableFuture<Void> kafkaStart = CompletableFuture.runAsync(() -> start(broker));
        CompletableFuture<Void> flinkStart = CompletableFuture.runAsync(this::startFlink);
        try {
            CompletableFuture.allOf(kafkaStart, flinkStart).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
        monitoring.forEach(this::start);
        RunningStack.write(this);
    }

    /** Flink is told where the S3 endpoint is, so that one is first. */
    private void startFlink() {
        start(s3);
        start(flink);
    }

    private void start(FlinkCluster cluster) {
        try {
            cluster.configure(s3.uri(), S3Keys.of(state()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cluster.services().forEach(this::start);
    }

    private void start(Service service) {
        long begin = System.nanoTime();
        service.start();
        options.whenReady().accept(service, Duration.ofNanos(System.nanoTime() - begin));
    }
}
