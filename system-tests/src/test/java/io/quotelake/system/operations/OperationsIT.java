package io.quotelake.system.operations;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quotelake.flink.FlinkRest;
import io.quotelake.local.Main;
import io.quotelake.local.job.JobStatus;
import io.quotelake.local.process.ChildProcess;
import io.quotelake.local.process.JavaCommand;
import io.quotelake.local.process.ProgramPath;
import io.quotelake.local.stack.Installation;
import io.quotelake.local.stack.Prometheus;
import io.quotelake.local.stack.S3Keys;
import io.quotelake.local.stack.Settings;
import io.quotelake.local.stack.Stack;
import io.quotelake.local.stack.StackOptions;
import io.quotelake.local.stack.StateDirectory;
import io.quotelake.local.stack.TaskManager;
import io.quotelake.verifier.table.Lake;
import io.quotelake.verifier.table.Lakes;
import io.quotelake.verifier.verify.Report;
import io.quotelake.verifier.verify.Verification;
import io.quotelake.verifier.verify.Verifier;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** What docs/operations.md says, on one running stack with a live feed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperationsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration TOLD_WITHIN = Duration.ofSeconds(30);
    private static final String TOPIC = "stock_market";
    private static final String BUCKET = "quotelake";
    private static final Pattern JOB_ID = Pattern.compile("JobID ([0-9a-f]{32})");
    private static final Pattern SUBMITTED = Pattern.compile("Submitted job ([0-9a-f]{32})");
    private static final Pattern SAVEPOINT =
            Pattern.compile("Savepoint completed. Path: (s3:\\S+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Installation installation = Installation.current();
    private final StateDirectory state = new StateDirectory(Path.of("target/operations-it"));
    private final boolean prometheusInstalled = ProgramPath.find("prometheus").isPresent();
    private SecureListener secure;
    private Stack stack;
    private ChildProcess feed;
    private String job;

    @BeforeAll
    void startWithALiveFeed() throws Exception {
        secure = SecureListener.create(Path.of("target/operations-it-tls").toAbsolutePath());
        StackOptions options =
                new StackOptions(state)
                        .emptyLake()
                        .kafkaPort(secure.plainPort())
                        .monitoring(prometheusInstalled)
                        .flink("metrics.fetcher.update-interval", "1000")
                        .flink("execution.checkpointing.interval", "2s");
        secure.brokerConfiguration().forEach(options::kafka);
        stack = Stack.start(installation, options);
        stack.s3().createBucket(BUCKET);
        stack.broker().createTopic(TOPIC, 2);
        job =
                found(
                        SUBMITTED,
                        quotelake(
                                "submit",
                                "--date-granularity",
                                "month",
                                "--roll-interval",
                                "5s",
                                "--roll-inactivity",
                                "1s"));
        List<String> sample =
                new ArrayList<>(
                        List.of(
                                "sample",
                                installation.dataSet().toString(),
                                "--as-of",
                                "today",
                                "--rate",
                                "100/s"));
        Prometheus.watch("producer", state)
                .ifPresent(port -> sample.addAll(List.of("--metrics", "" + port)));
        feed =
                ChildProcess.start(
                        producer(sample),
                        Map.of("KAFKA_BOOTSTRAP_SERVERS", stack.broker().bootstrapServers()),
                        state.logs().resolve("producer.log"),
                        state.run());
    }

    @AfterAll
    void stop() {
        if (feed != null) {
            feed.close();
        }
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    @Order(1)
    @Tag("jobs")
    void statusShowsRowsCheckpointsAndFiles() {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(
                        () -> {
                            JobStatus status = JobStatus.of(stack.flink().rest(), job);
                            assertThat(status.state()).isEqualTo("RUNNING");
                            assertThat(status.quotes()).isPositive();
                            assertThat(status.quotesPerSecond()).isPositive();
                            assertThat(status.rowsPerSecond()).isPositive();
                            assertThat(status.openFiles()).isPositive();
                            assertThat(status.deadLetters()).isEmpty();
                            assertThat(status.checkpoint().orElseThrow().completed())
                                    .isBetween(Instant.now().minusSeconds(60), Instant.now());
                        });
    }

    @Test
    @Order(2)
    @Tag("jobs")
    void aSecondJobOnTheSamePrefixIsRefused() throws Exception {
        Run refused = quotelake("submit", "--output=s3://quotelake/stock_market/");

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.output().lines())
                .singleElement()
                .asString()
                .contains(job, "s3://quotelake/stock_market", "./quotelake flink stop " + job);
    }

    @Test
    @Order(3)
    @Tag("operations")
    void everyQueryOfTheDashboardReturnsDataAndNoAlertFires() throws Exception {
        assumeTrue(prometheusInstalled, "Prometheus is not installed");
        List<String> queries = dashboardQueries();
        assertThat(queries).hasSizeGreaterThan(20);

        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(queries)
                                        .allSatisfy(
                                                query -> assertThat(query(query)).isNotEmpty()));

        assertThat(query("ALERTS{alertstate='firing',alertname!='QuotelakeDiskNearlyFull'}"))
                .isEmpty();
    }

    @Test
    @Order(4)
    @Tag("jobs")
    void aRebuiltJarGoesOnFromTheSavepointInTwoSlotsAndInOneWithDataFlowing() throws Exception {
        Installation rebuilt =
                RebuiltJob.in(
                        Path.of("target/operations-it-rebuilt").toAbsolutePath(), installation);
        assertThat(Files.mismatch(rebuilt.jobJar(), installation.jobJar())).isNotNegative();

        for (int parallelism : List.of(2, 1)) {
            String savepoint =
                    found(SAVEPOINT, quotelake("flink", "stop", "--type", "canonical", job));
            Run resumed =
                    quotelake(
                            rebuilt,
                            PATIENCE,
                            "submit",
                            "--resume",
                            "--parallelism",
                            "" + parallelism);

            assertThat(resumed.output()).contains("Resumed from " + savepoint);
            job = found(SUBMITTED, resumed);
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> JobStatus.of(stack.flink().rest(), job).quotes() > 500);
        }
        List<String> adminClients =
                taskManagerThreads().filter(name -> name.startsWith("kafka-admin-client")).toList();
        assertThat(adminClients)
                .as("the dead letters' one of the job that runs, and none of those before it")
                .filteredOn(name -> name.contains("adminclient-"))
                .hasSize(1);
        assertThat(adminClients)
                .as("the reader's has a name, and is made at its first checkpoint")
                .hasSizeLessThanOrEqualTo(2);
        feed.close();
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            Report report = verify(TOPIC);
                            assertThat(report.isClean()).as("%s", report.lines()).isTrue();
                            assertThat(report.rows()).isGreaterThan(500);
                        });
    }

    @Test
    @Order(5)
    @Tag("jobs")
    void deadLettersGoBackOnceEach() throws Exception {
        send(TOPIC, "{}");
        send(TOPIC, "no quote");
        awaitDeadLetters(2);

        assertThat(quotelake("dead-letters", "--redrive").output()).contains("2 sent back");
        awaitDeadLetters(4);
        assertThat(quotelake("dead-letters", "--redrive").output()).contains("2 sent back");
        awaitDeadLetters(6);

        Report report = verify(TOPIC);
        assertThat(report.isClean()).as("%s", report.lines()).isTrue();
    }

    private void send(String topic, String value) throws Exception {
        try (var producer =
                new KafkaProducer<byte[], byte[]>(
                        Map.of("bootstrap.servers", stack.broker().bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, value.getBytes(UTF_8))).get();
        }
    }

    private void awaitDeadLetters(int count) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(quotelake("dead-letters").output())
                                        .contains(count + " dead letters"));
    }

    @Test
    @Order(6)
    @Tag("jobs")
    void producerAndJobWorkOverTlsWithScram() throws Exception {
        secure.setPassword(stack.broker().bootstrapServers(), SecureListener.PASSWORD);
        stack.broker().createTopic("secured", 1);
        Path client = secure.clientConfiguration(SecureListener.PASSWORD);

        Run produced = run(producer(secureReplay("secured", client)), PATIENCE);
        assertThat(produced.exitCode()).as(produced.output()).isZero();
        send("secured", "no quote");
        Run submitted = secureJob("secured", client, PATIENCE, "--stop-at", "latest");

        String bounded = found(JOB_ID, submitted);
        await().atMost(PATIENCE)
                .until(() -> "FINISHED".equals(stack.flink().rest().jobs().get(bounded)));
        assertThat(stack.flink().rest().get("/jobs/" + bounded + "/config").toString())
                .contains("secured")
                .doesNotContain(SecureListener.PASSWORD);
        theVerifiersJarSaysTheSame(client);
    }

    /** As on a host beside AWS: one jar, no stack and no launcher. */
    private void theVerifiersJarSaysTheSame(Path client) throws Exception {
        Run verified =
                verifier(
                        "verify",
                        List.of("--topic", "secured", "--output", "s3://" + BUCKET + "/secured"),
                        client,
                        List.of("--s3-endpoint", stack.s3().uri().toString()));
        assertThat(verified.exitCode()).as(verified.output()).isZero();
        assertThat(verified.output()).contains("200 rows", "clean");

        Run letters =
                verifier(
                        "dead-letters",
                        List.of("--topic", "secured.dead-letters"),
                        client,
                        List.of("--redrive"));
        assertThat(letters.exitCode()).as(letters.output()).isZero();
        assertThat(letters.output()).contains("1 sent back");
    }

    private Run verifier(String command, List<String> what, Path client, List<String> more)
            throws Exception {
        S3Keys keys = S3Keys.of(state);
        return run(
                new JavaCommand()
                        .shortLived()
                        .options("-Daws.accessKeyId=" + keys.accessKey())
                        .options("-Daws.secretAccessKey=" + keys.secretKey())
                        .jar(installation.verifierJar())
                        .arguments(command)
                        .arguments(what)
                        .arguments("--bootstrap-servers", secure.address())
                        .arguments("--kafka-config", client.toString())
                        .arguments(more),
                PATIENCE);
    }

    @Test
    @Order(7)
    @Tag("operations")
    void aJobGoesOnWithARotatedPassword() throws Exception {
        String plainBroker = stack.broker().bootstrapServers();
        secure.setPassword(plainBroker, SecureListener.PASSWORD);
        stack.broker().createTopic("rotated", 1);
        Path client = secure.clientConfiguration(SecureListener.PASSWORD);
        assertThat(run(producer(secureReplay("rotated", client)), PATIENCE).exitCode()).isZero();
        String old = found(JOB_ID, secureJob("rotated", client, PATIENCE));
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> JobStatus.of(stack.flink().rest(), old).quotes() == 200);

        secure.setPassword(plainBroker, "another-password");
        String savepoint = found(SAVEPOINT, quotelake("flink", "stop", "--type", "canonical", old));
        Path rotated = secure.clientConfiguration("another-password");
        assertThat(run(producer(secureReplay("rotated", rotated)), PATIENCE).exitCode()).isZero();
        String resumed =
                found(JOB_ID, secureJob(List.of("-s", savepoint), "rotated", rotated, PATIENCE));

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            Report report = verify("rotated");
                            assertThat(report.isClean()).as("%s", report.lines()).isTrue();
                            assertThat(report.rows()).isEqualTo(400);
                        });
        assertThat(quotelake("flink", "cancel", resumed).exitCode()).isZero();
    }

    @Test
    @Order(8)
    @Tag("jobs")
    void aWrongPasswordIsToldInOneLine() throws Exception {
        Path wrong = secure.clientConfiguration("wrong-password");

        Run produced = run(producer(secureReplay("secured", wrong)), TOLD_WITHIN);
        assertThat(produced.exitCode()).as(produced.output()).isEqualTo(2);
        assertThat(produced.output().lines())
                .singleElement()
                .asString()
                .startsWith("quotelake-producer: ")
                .containsIgnoringCase("authentication failed");

        Run refused = secureJob("secured", wrong, TOLD_WITHIN);
        assertThat(refused.exitCode()).as(refused.output()).isEqualTo(2);
        assertThat(refused.output().lines())
                .singleElement()
                .asString()
                .startsWith("quotelake: flink run failed: quotelake-flink-job: ")
                .containsIgnoringCase("authentication failed");
    }

    /** Its credentials are what a broker with IAM would look at: all before them works. */
    @Test
    @Order(9)
    @Tag("jobs")
    void withIamAllGetAsFarAsTheirCredentials() throws Exception {
        Path iam = secure.iamConfiguration();

        assertThat(
                        List.of(
                                run(producer(secureReplay("secured", iam)), TOLD_WITHIN),
                                secureJob("secured", iam, TOLD_WITHIN),
                                quotelake(
                                        "verify",
                                        "--bootstrap-servers",
                                        secure.address(),
                                        "--kafka-config",
                                        iam.toString())))
                .allSatisfy(
                        run -> {
                            assertThat(run.exitCode()).as(run.output()).isPositive();
                            assertThat(run.output())
                                    .contains(
                                            "Unable to load credentials from any of the providers")
                                    .doesNotContain("ClassNotFound", "NoClassDef");
                        });
    }

    @Test
    @Order(10)
    @Tag("operations")
    void anAlertTellsOfATaskManagerThatDied() {
        assumeTrue(prometheusInstalled, "Prometheus is not installed");
        TaskManager taskManager = stack.flink().taskManagers().get(0);

        taskManager.process().kill();

        await().atMost(PATIENCE).until(() -> !query(firing("QuotelakePartDown")).isEmpty());
        taskManager.start();
        await().atMost(PATIENCE).until(() -> !query(firing("QuotelakeJobRestarted")).isEmpty());
        await().atMost(PATIENCE).until(() -> query(firing("QuotelakePartDown")).isEmpty());
    }

    private Stream<String> taskManagerThreads() throws IOException {
        FlinkRest rest = stack.flink().rest();
        String id = rest.get("/taskmanagers").path("taskmanagers").path(0).path("id").asText();
        return rest
                .get("/taskmanagers/" + id + "/thread-dump")
                .findValuesAsText("threadName")
                .stream();
    }

    private static String firing(String alert) {
        return "ALERTS{alertstate='firing',alertname='" + alert + "'}";
    }

    private Report verify(String topic) throws InterruptedException {
        Verification verification =
                Verification.of(
                        Map.of("bootstrap.servers", stack.broker().bootstrapServers()), topic, 5);
        URI table = stack.s3().bucket(BUCKET).resolve(topic).toUri();
        try (Lake lake = Lakes.at(table.toString(), null)) {
            return new Verifier(verification, lake).verify();
        }
    }

    private Run secureJob(
            String topic, Path clientConfiguration, Duration within, String... options)
            throws Exception {
        return secureJob(List.of(), topic, clientConfiguration, within, options);
    }

    private Run secureJob(
            List<String> runOptions,
            String topic,
            Path clientConfiguration,
            Duration within,
            String... options)
            throws Exception {
        List<String> words = new ArrayList<>(List.of("flink", "run", "-d"));
        words.addAll(runOptions);
        words.add(installation.jobJar().toString());
        words.addAll(List.of("--bootstrap-servers", secure.address()));
        words.addAll(List.of("--kafka-config", clientConfiguration.toString()));
        words.addAll(List.of("--topic", topic, "--output", "s3://quotelake/" + topic));
        words.addAll(List.of("--date-granularity", "year", "--roll-interval", "2s"));
        words.addAll(List.of(options));
        return quotelake(installation, within, words.toArray(String[]::new));
    }

    /** The launcher's command, as ./quotelake runs it. */
    private Run quotelake(String... words) throws Exception {
        return quotelake(installation, PATIENCE, words);
    }

    private Run quotelake(Installation home, Duration within, String... words) throws Exception {
        return run(
                new JavaCommand()
                        .shortLived()
                        .options("-Dquotelake.home=" + home.home())
                        .options("-Dquotelake.state=" + state.root())
                        .main(Main.class.getName(), System.getProperty("java.class.path"))
                        .arguments(words),
                within);
    }

    private List<String> secureReplay(String topic, Path clientConfiguration) {
        return List.of(
                "replay",
                installation.dataSet().toString(),
                "--limit",
                "200",
                "--topic",
                topic,
                "--bootstrap-servers",
                secure.address(),
                "--kafka-config",
                clientConfiguration.toString());
    }

    private JavaCommand producer(List<String> arguments) {
        return new JavaCommand()
                .options("-Xmx256m")
                .jar(installation.producerJar())
                .arguments(arguments);
    }

    private Run run(JavaCommand command, Duration within) throws Exception {
        Path output = state.root().resolve("run.out");
        ProcessBuilder builder =
                new ProcessBuilder(command.words())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment()
                .keySet()
                .removeAll(List.of(Settings.BROKERS, Settings.TOPIC, Settings.BUCKET));
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        builder.environment().put("AWS_EC2_METADATA_DISABLED", "true");
        Process process = builder.start();
        boolean ended = process.waitFor(within.toSeconds(), TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).as("ended within " + within).isTrue();
        return new Run(process.exitValue(), Files.readString(output));
    }

    private record Run(int exitCode, String output) {}

    private static String found(Pattern pattern, Run run) {
        Matcher matcher = pattern.matcher(run.output());
        assertThat(matcher.find()).as("%s in %s", pattern, run.output()).isTrue();
        return matcher.group(1);
    }

    private List<String> dashboardQueries() throws IOException {
        JsonNode dashboard =
                JSON.readTree(
                        installation
                                .monitoring()
                                .resolve("grafana/dashboards/quotelake.json")
                                .toFile());
        return dashboard.findValuesAsText("expr");
    }

    private List<JsonNode> query(String expression) throws IOException {
        URI prometheus =
                stack.services().stream()
                        .filter(Prometheus.class::isInstance)
                        .map(part -> ((Prometheus) part).uri())
                        .findFirst()
                        .orElseThrow();
        String encoded = URLEncoder.encode(expression, StandardCharsets.UTF_8);
        JsonNode answer =
                JSON.readTree(prometheus.resolve("/api/v1/query?query=" + encoded).toURL());
        assertThat(answer.path("status").asText()).as(expression).isEqualTo("success");
        List<JsonNode> results = new ArrayList<>();
        answer.path("data").path("result").forEach(results::add);
        return results;
    }
}
