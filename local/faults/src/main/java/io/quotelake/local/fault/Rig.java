package io.quotelake.local.fault;

import io.quotelake.local.job.JobFigures;
import io.quotelake.local.job.JobKeeper;
import io.quotelake.local.job.JobSubmitter;
import io.quotelake.local.process.ChildProcess;
import io.quotelake.local.process.JavaCommand;
import io.quotelake.local.s3.S3Fault;
import io.quotelake.local.s3.S3FaultProxy;
import io.quotelake.local.s3.S3Faults;
import io.quotelake.local.stack.JobManager;
import io.quotelake.local.stack.Service;
import io.quotelake.local.stack.Settings;
import io.quotelake.local.stack.Stack;
import io.quotelake.local.stack.StackOptions;
import io.quotelake.local.stack.Supervisor;
import io.quotelake.local.stack.TaskManager;
import io.quotelake.local.stack.Workspace;
import io.quotelake.terminal.Failure;
import io.quotelake.verifier.table.Lake;
import io.quotelake.verifier.table.Lakes;
import io.quotelake.verifier.verify.Finding;
import io.quotelake.verifier.verify.Report;
import io.quotelake.verifier.verify.Verification;
import io.quotelake.verifier.verify.Verifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A running pipeline with everything that can be done to it: the local stack with the fault proxy
 * between Flink and the S3 endpoint, supervised as {@code ./quotelake up} supervises it, the job,
 * and a feed.
 */
public final class Rig implements AutoCloseable {
    /**
     * Files are published with checkpoints: a short interval makes many commits for faults to hit.
     */
    private static final String CHECKPOINT_INTERVAL = "3s";

    /** Some seventy folders get rows all the time, and a new file each every few seconds. */
    public static final List<String> MANY_SMALL_FILES =
            List.of(
                    "--date-granularity",
                    "year",
                    "--roll-interval",
                    "4s",
                    "--roll-inactivity",
                    "2s");

    /** Rows of five years: some seventy folders by year. */
    public static final String FIVE_YEARS = "2017-01-01";

    /**
     * How long a transaction of dead letters may be open: longer than what has to heal without a
     * loss, {@link Fault#BROKER_AWAY}, and shorter than {@link Fault#BROKER_AWAY_LONG}.
     */
    private static final String TRANSACTION_TIMEOUT = "transaction.timeout.ms=90000";

    private static final String CHECKPOINT_TIMEOUT = "60s";

    /** Milliseconds, longer than the broker is ever away: a feed that dies shows nothing. */
    private static final int FEED_PATIENCE = 1_800_000;

    /** Larger than the dead-letter topic takes, whose limit follows the source's at the start. */
    private static final int OVERSIZED_BYTES = 8_000_000;

    private static final int FEW_BYTES = 20_000;
    private static final int TOPIC_PARTITIONS = 4;
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final int KEEP_JOB_EVERY_SECONDS = 2;
    private static final Duration MAX_START = Duration.ofMinutes(2);

    private final Workspace workspace;
    private final Stack stack;
    private final S3FaultProxy proxy;
    private final LakeWatch watch;
    private final JobKeeper keeper;
    private final Consumer<String> log;
    private final SplittableRandom random;
    private final List<Supervisor> supervisors = new ArrayList<>();
    private final Map<S3Fault, Double> s3Shares = new EnumMap<>(S3Fault.class);
    private final List<Path> checkpointBlocks = new ArrayList<>();
    private final ScheduledExecutorService keeping =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "keep-job");
                        thread.setDaemon(true);
                        return thread;
                    });
    private final Thread stopFeedAtExit = new Thread(this::closeFeed, "stop-feed");
    private volatile ChildProcess feed;
    private final AtomicInteger deaths = new AtomicInteger();
    private final AtomicInteger kills = new AtomicInteger();
    private final AtomicInteger jobManagerKills = new AtomicInteger();
    private ChildProcess stopped;

    private Rig(
            Workspace workspace,
            Stack stack,
            S3FaultProxy proxy,
            List<String> jobOptions,
            long seed,
            Consumer<String> log) {
        this.workspace = workspace;
        this.stack = stack;
        this.proxy = proxy;
        this.log = log;
        Runtime.getRuntime().addShutdownHook(stopFeedAtExit);
        random = new SplittableRandom(seed);
        watch = new LakeWatch(table());
        JobSubmitter submitter = new JobSubmitter(workspace.installation(), stack);
        keeper = new JobKeeper(stack.state(), submitter);
        stack.s3().createBucket(workspace.settings().bucket());
        stack.broker().createTopic(workspace.settings().topic(), TOPIC_PARTITIONS);
        try {
            List<String> options = new ArrayList<>(jobOptions);
            options.addAll(List.of("--kafka-property", TRANSACTION_TIMEOUT));
            submitter.submit(options, 0, workspace.settings());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        supervise(stack.services());
        if (!stack.flink().isHighlyAvailable()) {
            keeping.scheduleWithFixedDelay(
                    this::keepJob,
                    KEEP_JOB_EVERY_SECONDS,
                    KEEP_JOB_EVERY_SECONDS,
                    TimeUnit.SECONDS);
        }
    }

    /**
     * Starts it all, with an empty lake.
     *
     * @param jobOptions of the job, such as {@link #MANY_SMALL_FILES}
     * @param more changes the stack that would be started
     * @param seed of all that is random
     * @param log gets a line for each thing that happens
     */
    public static Rig start(
            Workspace workspace,
            List<String> jobOptions,
            Consumer<StackOptions> more,
            long seed,
            Consumer<String> log) {
        S3FaultProxy[] proxy = new S3FaultProxy[1];
        StackOptions options =
                new StackOptions(workspace.state())
                        .emptyLake()
                        .freePorts()
                        .flink("execution.checkpointing.interval", CHECKPOINT_INTERVAL)
                        .flink("execution.checkpointing.min-pause", "500ms")
                        .flink("execution.checkpointing.timeout", CHECKPOINT_TIMEOUT)
                        .routeToS3(
                                endpoint -> {
                                    proxy[0] = S3FaultProxy.start(endpoint, seed);
                                    return proxy[0].uri();
                                });
        more.accept(options);
        Stack stack = Stack.start(workspace.installation(), options);
        try {
            return new Rig(workspace, stack, proxy[0], jobOptions, seed, log);
        } catch (RuntimeException e) {
            stack.close();
            proxy[0].close();
            throw e;
        }
    }

    public Stack stack() {
        return stack;
    }

    /** How many S3 requests have met each fault. */
    public Map<S3Fault, Long> s3FaultsMet() {
        return proxy.injected();
    }

    /** Publishes sampled rows of {@link #FIVE_YEARS}, so many a second. */
    public void startFeed(int rowsPerSecond) {
        startFeed(rowsPerSecond, FIVE_YEARS);
    }

    /**
     * Publishes sampled rows, so many a second, until {@link #stopFeed}.
     *
     * @param from the first day of the data set that is sampled, {@code yyyy-MM-dd}
     */
    public void startFeed(int rowsPerSecond, String from) {
        feed =
                ChildProcess.start(
                        new JavaCommand()
                                .options("-Xmx256m")
                                .jar(workspace.installation().producerJar())
                                .arguments("sample", workspace.installation().dataSet().toString())
                                .arguments("--from", from, "--rate", rowsPerSecond + "/s")
                                .arguments(
                                        "--kafka-property", "delivery.timeout.ms=" + FEED_PATIENCE)
                                .arguments("--kafka-property", "max.block.ms=" + FEED_PATIENCE),
                        Map.of(
                                Settings.BROKERS, stack.broker().bootstrapServers(),
                                Settings.TOPIC, workspace.settings().topic()),
                        stack.state().logs().resolve("feed.log"),
                        stack.state().run());
    }

    /**
     * Ends the feed, which flushes what it holds.
     *
     * @throws Failure if it had died: then the run shows less than it claims
     */
    public void stopFeed() {
        checkFeedLives();
        feed.close();
    }

    private void checkFeedLives() {
        if (!feed.isAlive()) {
            throw Failure.atRunTime("the feed died: see " + feed.output());
        }
    }

    /** Waits until a row whose record was published after this moment is visible in the lake. */
    public void awaitRowSince(Instant moment, Duration atMost) {
        await(
                atMost,
                "no row published since then became visible",
                () -> {
                    checkFeedLives();
                    return watch.hasRowSince(moment);
                });
    }

    /**
     * Waits until every record is published, but for dead letters that are named as lost, and
     * verifies.
     *
     * @return the first report that has more to say than rows that are still missing, or else the
     *     last one
     */
    public Report awaitDelivery(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            Report report = verify();
            if (isDelivered(report) || !report.isOnlyMissing() || System.nanoTime() > deadline) {
                return report;
            }
        }
    }

    /** Whether nothing is wrong, or nothing but {@link #lettersNamedAsLost}. */
    public boolean isDelivered(Report report) {
        return report.isClean()
                || report.isOnlyMissing() && missing(report) == lettersNamedAsLost();
    }

    public static long missing(Report report) {
        return report.counts().getOrDefault(Finding.Kind.MISSING, 0L);
    }

    /** Dead letters that a broker dropped by its own rule, and that the job has named. */
    public long lettersNamedAsLost() {
        return new NamedLosses(stack.state().logs()).letters();
    }

    /** Verifies topic, lake and dead letters as they are. */
    public Report verify() {
        Settings settings = workspace.settings();
        Verification verification =
                Verification.of(
                        Map.of("bootstrap.servers", stack.broker().bootstrapServers()),
                        settings.topic(),
                        20);
        try (Lake lake = Lakes.at(table().toUri().toString(), null)) {
            return new Verifier(verification, lake).verify();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.atRunTime("Interrupted while verifying");
        }
    }

    /** The job's state, such as RUNNING; UNKNOWN while the JobManager is away. */
    public String jobState() {
        try {
            List<String> states = new ArrayList<>(stack.flink().rest().jobs().values());
            return states.isEmpty() ? "UNKNOWN" : states.get(0);
        } catch (IOException e) {
            return "UNKNOWN";
        }
    }

    /** What Flink tells about the failure of the only job. */
    public String jobFailure() throws IOException {
        String id = stack.flink().rest().jobs().keySet().iterator().next();
        return stack.flink().rest().get("/jobs/" + id + "/exceptions").toString();
    }

    /** How often a TaskManager has ended by itself: nothing that is done to a job may do that. */
    public int unexpectedDeaths() {
        return deaths.get() - kills.get();
    }

    /** Which process the TaskManager is: it must be the same through all that is done to a job. */
    public long taskManagerPid() {
        return taskManager().process().pid();
    }

    /**
     * Waits until the job runs with nothing open and nothing on the memory account.
     *
     * @return what is not so by then, in sentences; none is as it has to be
     */
    public List<String> awaitRest(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        List<String> complaints = unrest();
        while (!complaints.isEmpty() && System.nanoTime() < deadline) {
            pause(LOOK_EVERY);
            complaints = unrest();
        }
        return complaints;
    }

    private List<String> unrest() {
        List<String> complaints = new ArrayList<>();
        if (unexpectedDeaths() > 0) {
            complaints.add(
                    "the TaskManager ended %d times by itself".formatted(unexpectedDeaths()));
        }
        if (!jobState().equals("RUNNING")) {
            complaints.add("the job is " + jobState());
        }
        JobFigures figures = new JobFigures(stack.flink().rest());
        complaints.addAll(stalled(figures));
        for (String name : List.of("openPartFiles", "bufferedBytes", "readingPaused")) {
            try {
                OptionalDouble most = figures.most(name);
                if (most.isEmpty() || most.getAsDouble() != 0) {
                    complaints.add(
                            "%s is %s, and has to be 0"
                                    .formatted(
                                            name,
                                            most.isEmpty()
                                                    ? "not there"
                                                    : "%,.0f".formatted(most.getAsDouble())));
                }
            } catch (IOException e) {
                complaints.add(name + " can't be read: " + e.getMessage());
            }
        }
        return complaints;
    }

    private List<String> stalled(JobFigures figures) {
        try {
            for (String job : stack.flink().rest().unendedJobs()) {
                long checkpoints = figures.stalledCheckpoints(job);
                if (checkpoints > 0) {
                    return List.of(
                            "records wait, and none was read over %d completed checkpoints"
                                    .formatted(checkpoints));
                }
            }
            return List.of();
        } catch (IOException e) {
            return List.of("what the job reads can't be seen: " + e.getMessage());
        }
    }

    /** One after another, if there are several. */
    void killTaskManager() {
        List<TaskManager> all = stack.flink().taskManagers();
        all.get(kills.getAndIncrement() % all.size()).process().kill();
    }

    void stopTaskManager() {
        stopped = taskManager().process();
        signal("-STOP", stopped);
    }

    void continueTaskManager() {
        signal("-CONT", stopped);
    }

    /** The one that leads, if there are two: the other one took over at the kill before. */
    void killJobManager() {
        List<JobManager> all = stack.flink().jobManagers();
        all.get(jobManagerKills.getAndIncrement() % all.size()).process().kill();
    }

    void killBroker() {
        stack.broker().process().kill();
    }

    public void stopBroker() {
        stack.broker().close();
    }

    public void startBroker() {
        stack.broker().start();
        supervise(List.of(stack.broker()));
    }

    public void addS3Fault(S3Fault fault, double share) {
        s3Shares.put(fault, share);
        applyS3Faults();
    }

    public void removeS3Fault(S3Fault fault) {
        s3Shares.remove(fault);
        applyS3Faults();
    }

    /** Deletes the bucket with all that is in it: a fault that nothing heals. */
    public void deleteBucket() throws IOException {
        Path bucket = stack.s3().bucket(workspace.settings().bucket());
        Files.move(bucket, stack.state().root().resolve("deleted-bucket"));
    }

    /**
     * Makes it impossible to write the next checkpoints, also for a user who may write everywhere:
     * where their directories would be made, files are.
     */
    public void blockCheckpoints() throws IOException {
        try (DirectoryStream<Path> jobs = Files.newDirectoryStream(stack.state().checkpoints())) {
            for (Path job : jobs) {
                long newest = newestCheckpoint(job);
                for (long number = newest + 1; number <= newest + 200; number++) {
                    Path block = job.resolve("chk-" + number);
                    if (!Files.exists(block)) {
                        checkpointBlocks.add(Files.createFile(block));
                    }
                }
            }
        }
    }

    public void unblockCheckpoints() throws IOException {
        for (Path block : checkpointBlocks) {
            Files.deleteIfExists(block);
        }
        checkpointBlocks.clear();
    }

    /**
     * Publishes records that nobody can shrink, of more bytes than any topic here takes at first.
     */
    void publishOversized(int records) {
        limitRecords(workspace.settings().topic(), OVERSIZED_BYTES + 100_000);
        publish(
                records,
                () -> {
                    byte[] value = new byte[OVERSIZED_BYTES];
                    random.nextBytes(value);
                    return value;
                });
    }

    /** From now on the dead-letter topic takes little. */
    void limitDeadLetters() {
        limitRecords(deadLetterTopic(), FEW_BYTES);
        publish(
                20,
                () -> {
                    byte[] value = new byte[2 * FEW_BYTES];
                    random.nextBytes(value);
                    return value;
                });
    }

    /** From now on the dead-letter topic takes nothing, and the job starts no more. */
    public void refuseDeadLetters() {
        limitRecords(deadLetterTopic(), 1_000);
    }

    public void unlimitDeadLetters() {
        limitRecords(deadLetterTopic(), 1_100_000);
    }

    private void limitRecords(String topic, int maxBytes) {
        awaitBroker();
        stack.broker().limitRecords(topic, maxBytes);
    }

    /** It may be on its way back from another fault. */
    private void awaitBroker() {
        await(MAX_START, "the broker did not answer", stack.broker()::answers);
    }

    private String deadLetterTopic() {
        return workspace.settings().topic() + ".dead-letters";
    }

    /** Publishes records of which every tenth is no quote. */
    public void publishPoison(int records) {
        publish(
                records,
                () -> random.nextInt(10) == 0 ? Poison.record(random) : Poison.quote(random));
    }

    private void publish(int records, Supplier<byte[]> values) {
        awaitBroker();
        List<byte[]> left =
                Stream.generate(values)
                        .limit(records)
                        .collect(Collectors.toCollection(ArrayList::new));
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                stack.broker().bootstrapServers(),
                                "max.request.size",
                                2 * OVERSIZED_BYTES,
                                "linger.ms",
                                20),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            // A limit that was just raised takes a moment to reach the broker.
            await(MAX_START, "the broker did not take all records", () -> publish(producer, left));
        }
    }

    /** Whether all are published; those that the broker found too large stay in the list. */
    private boolean publish(KafkaProducer<byte[], byte[]> producer, List<byte[]> values) {
        List<Future<RecordMetadata>> answers = new ArrayList<>();
        for (byte[] value : values) {
            answers.add(producer.send(new ProducerRecord<>(workspace.settings().topic(), value)));
        }
        List<byte[]> tooLarge = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            try {
                answers.get(i).get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RecordTooLargeException)) {
                    throw Failure.atRunTime("A record was not published: " + e.getCause());
                }
                tooLarge.add(values.get(i));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Failure.atRunTime("Interrupted while publishing");
            }
        }
        values.clear();
        values.addAll(tooLarge);
        return values.isEmpty();
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(stopFeedAtExit);
        } catch (IllegalStateException e) {
            return; // This JVM is ending: the hooks are at it.
        }
        keeping.shutdownNow();
        supervisors.forEach(Supervisor::close);
        closeFeed();
        if (stopped != null) {
            signal("-CONT", stopped);
        }
        stack.close();
        proxy.close();
    }

    private void closeFeed() {
        if (feed != null) {
            feed.close();
        }
    }

    private Path table() {
        return stack.s3()
                .bucket(workspace.settings().bucket())
                .resolve(workspace.settings().topic());
    }

    private TaskManager taskManager() {
        return stack.flink().taskManagers().get(0);
    }

    private void applyS3Faults() {
        if (s3Shares.containsKey(S3Fault.AWAY)) {
            proxy.inject(S3Faults.none().with(S3Fault.AWAY, 1));
            return;
        }
        double sum = s3Shares.values().stream().mapToDouble(Double::doubleValue).sum();
        S3Faults faults = new S3Faults(Map.of(), Duration.ofSeconds(30));
        for (Map.Entry<S3Fault, Double> share : s3Shares.entrySet()) {
            faults = faults.with(share.getKey(), share.getValue() / Math.max(1, sum));
        }
        proxy.inject(faults);
    }

    private void supervise(List<Service> services) {
        supervisors.add(
                new Supervisor(
                        services,
                        new Supervisor.Listener() {
                            @Override
                            public void died(Service service, int exitCode) {
                                if (service instanceof TaskManager) {
                                    deaths.incrementAndGet();
                                }
                                log.accept(
                                        "%s ended with exit code %d"
                                                .formatted(service.name(), exitCode));
                            }

                            @Override
                            public void restarted(Service service) {
                                log.accept("%s answers again".formatted(service.name()));
                            }
                        }));
    }

    /** A new JobManager knows no job: it is given back to it, from its newest checkpoint. */
    private void keepJob() {
        try {
            keeper.noteEnded(stack.flink().rest());
            // What is refused now may go at the next look.
            keeper.resumeLost(stack.flink().rest(), (job, why) -> {})
                    .forEach(job -> log.accept("the job was resumed from its newest checkpoint"));
        } catch (IOException | Failure e) {
            // JobManager, broker or S3 is away: the next look tells.
            return;
        }
    }

    private static void await(Duration atMost, String otherwise, BooleanSupplier condition) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw Failure.atRunTime("%s within %d s".formatted(otherwise, atMost.toSeconds()));
            }
            pause(LOOK_EVERY);
        }
    }

    public static void pause(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.atRunTime("Interrupted");
        }
    }

    private static long newestCheckpoint(Path job) throws IOException {
        try (Stream<Path> files = Files.list(job)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("chk-\\d+"))
                    .mapToLong(name -> Long.parseLong(name.substring("chk-".length())))
                    .max()
                    .orElse(0);
        }
    }

    private static void signal(String signal, ChildProcess process) {
        if (!process.isAlive()) {
            return;
        }
        try {
            new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .start()
                    .onExit()
                    .join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
