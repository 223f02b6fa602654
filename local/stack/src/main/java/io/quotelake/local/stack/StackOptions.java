package io.quotelake.local.stack;

import io.quotelake.terminal.Failure;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * How a stack differs from the ordinary one; every method returns this object. Heaps are JVM sizes
 * such as {@code 256m}.
 */
public final class StackOptions {
    /** What happens to the records, files and jobs of an earlier run in the same directory. */
    enum EarlierRun {
        GOES_ON,
        SET_ASIDE,
        DELETED
    }

    private final StateDirectory state;
    private final List<String> flinkLibraries = new ArrayList<>();
    private final Map<String, String> flinkConfiguration = new LinkedHashMap<>();
    private final Map<String, String> kafkaConfiguration = new LinkedHashMap<>();
    private EarlierRun earlierRun = EarlierRun.GOES_ON;
    private int kafkaPort;
    private int s3Port;
    private int webPort;
    private boolean freePorts;
    private String kafkaHeap = "384m";
    private String s3Heap = "512m";
    private int jobManagers = 1;
    private int taskManagers = 1;
    private boolean jsonLogs;
    private boolean monitoring;
    private Settings settings = Settings.defaults();
    private Application application;
    private UnaryOperator<URI> routeToS3 = UnaryOperator.identity();

    private Consumer<Stack> whenStarting = stack -> {};
    private BiConsumer<Service, Duration> whenReady = (service, time) -> {};

    /**
     * A Flink cluster of the job alone.
     *
     * @param arguments of the job's program; none if it finds its options elsewhere
     * @param environment that the program sees
     */
    record Application(List<String> arguments, Map<String, String> environment) {}

    public StackOptions(StateDirectory state) {
        this.state = state;
    }

    /** Where everything is kept. */
    public StateDirectory state() {
        return state;
    }

    int kafkaPort() {
        return kafkaPort;
    }

    int s3Port() {
        return s3Port;
    }

    int webPort() {
        return webPort;
    }

    String kafkaHeap() {
        return kafkaHeap;
    }

    String s3Heap() {
        return s3Heap;
    }

    int jobManagers() {
        return jobManagers;
    }

    int taskManagers() {
        return taskManagers;
    }

    boolean monitoring() {
        return monitoring;
    }

    /** Null for a session cluster. */
    Application application() {
        return application;
    }

    Settings settings() {
        return settings;
    }

    /** What every process gets that logs, as {@code flink-conf}'s logging reads it. */
    String[] logOptions(String service) {
        return new String[] {
            "-Dquotelake.part=" + service, "-Dquotelake.logs=" + (jsonLogs ? "json" : "text")
        };
    }

    List<String> flinkLibraries() {
        return flinkLibraries;
    }

    Map<String, String> flinkConfiguration() {
        return flinkConfiguration;
    }

    Map<String, String> kafkaConfiguration() {
        return kafkaConfiguration;
    }

    Consumer<Stack> whenStarting() {
        return whenStarting;
    }

    BiConsumer<Service, Duration> whenReady() {
        return whenReady;
    }

    URI routeToS3(URI endpoint) {
        return routeToS3.apply(endpoint);
    }

    EarlierRun earlierRun() {
        return earlierRun;
    }

    /**
     * Begins anew: what an earlier run left is deleted. For trials with a directory of their own.
     */
    public StackOptions emptyLake() {
        earlierRun = EarlierRun.DELETED;
        return this;
    }

    /**
     * Begins anew: the records, files and jobs of an earlier run are moved to {@link
     * StateDirectory#previous}, and moved back unless {@link Stack#settle} follows.
     */
    public StackOptions earlierLakeSetAside() {
        earlierRun = EarlierRun.SET_ASIDE;
        return this;
    }

    /**
     * Looks whether a stack could be started, and writes nothing.
     *
     * @throws Failure when another stack runs in the same state directory, when a demanded port is
     *     in use, or when Prometheus is demanded and not installed
     */
    public void demandStartable() {
        RunLock.demandFree(state);
        List<Integer> ports = demandedPorts();
        if (ports.stream().distinct().count() < ports.size()) {
            throw Failure.ofUse(
                    "--kafka-port, --s3-port and --web-port name one port twice: each service needs its own");
        }
        demandPort("Kafka", kafkaPort);
        demandPort("S3", s3Port);
        demandPort("Web UI", webPort);
        if (monitoring) {
            Prometheus.program();
        }
    }

    private static void demandPort(String what, int port) {
        if (port > 0 && !Ports.isFree(port)) {
            throw Failure.ofUse(
                    what
                            + " port "
                            + port
                            + " is in use on "
                            + Ports.ADDRESS
                            + ": name another one, or none to take any free port");
        }
    }

    /**
     * A service's usual port if it is free and demanded for no other service, else any free one.
     */
    int usualOrFree(int usual) {
        return freePorts || demandedPorts().contains(usual)
                ? Ports.free()
                : Ports.usualOrFree(usual);
    }

    /** Leaves the usual ports to others. For trials beside a stack that may be in use. */
    public StackOptions freePorts() {
        freePorts = true;
        return this;
    }

    /** The ports that were demanded. */
    List<Integer> demandedPorts() {
        return Stream.of(kafkaPort, s3Port, webPort).filter(port -> port > 0).toList();
    }

    /** Exactly this port for the broker; 0, the default, is the usual one or else any free one. */
    public StackOptions kafkaPort(int port) {
        kafkaPort = port;
        return this;
    }

    /**
     * Exactly this port for the S3 endpoint; 0, the default, is the usual one or else any free one.
     */
    public StackOptions s3Port(int port) {
        s3Port = port;
        return this;
    }

    /**
     * Exactly this port for Flink's web UI; 0, the default, is the usual one or else any free one.
     */
    public StackOptions webPort(int port) {
        webPort = port;
        return this;
    }

    /** Its topic and bucket, which commands beside it go by where the user names no others. */
    public StackOptions settings(Settings names) {
        settings = names;
        return this;
    }

    /** The broker's heap. */
    public StackOptions kafkaHeap(String size) {
        kafkaHeap = size;
        return this;
    }

    /** The S3 endpoint's heap. */
    public StackOptions s3Heap(String size) {
        s3Heap = size;
        return this;
    }

    /**
     * How many JobManagers, at least 1. With more than one a ZooKeeper lets one of them lead, and
     * keeps the jobs for the next.
     */
    public StackOptions jobManagers(int count) {
        jobManagers = count;
        return this;
    }

    /** How many TaskManagers, at least 1. */
    public StackOptions taskManagers(int count) {
        taskManagers = count;
        return this;
    }

    /** Flink in application mode: its JobManager runs the job's program, and ends with the job. */
    public StackOptions application(List<String> arguments, Map<String, String> environment) {
        application = new Application(arguments, environment);
        return this;
    }

    /** Watches all services with the Prometheus that is installed on this machine. */
    public StackOptions monitoring(boolean watched) {
        monitoring = watched;
        return this;
    }

    /** Log lines as JSON objects, for machines. */
    public StackOptions jsonLogs(boolean json) {
        jsonLogs = json;
        return this;
    }

    /**
     * More of what stands in Flink's {@code lib}: a jar, or a directory followed by {@code /*} for
     * all its jars.
     */
    public StackOptions flinkLibrary(String classPathEntry) {
        flinkLibraries.add(classPathEntry);
        return this;
    }

    /** A setting of Flink's {@code config.yaml}; it wins over all others. */
    public StackOptions flink(String key, String value) {
        flinkConfiguration.put(key, value);
        return this;
    }

    /** A setting of the broker's {@code server.properties}; it wins over all others. */
    public StackOptions kafka(String key, String value) {
        kafkaConfiguration.put(key, value);
        return this;
    }

    /**
     * Puts something between Flink and the S3 endpoint: gets the endpoint's address, returns the
     * one Flink shall use.
     */
    public StackOptions routeToS3(UnaryOperator<URI> route) {
        routeToS3 = route;
        return this;
    }

    /**
     * Is told once, when all has been checked and the first process is about to be started: by then
     * {@link Stack#orphans} and {@link Stack#setAside} are known.
     */
    public StackOptions whenStarting(Consumer<Stack> listener) {
        whenStarting = listener;
        return this;
    }

    /** Is told of each service that answers for the first time, and how long that took. */
    public StackOptions whenReady(BiConsumer<Service, Duration> listener) {
        whenReady = listener;
        return this;
    }
}
