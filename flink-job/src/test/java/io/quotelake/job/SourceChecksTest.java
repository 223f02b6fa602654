package io.quotelake.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quotelake.job.pause.PausableSource;
import io.quotelake.job.source.SourceRecord;
import io.quotelake.job.source.SourceRecordDeserializer;
import io.quotelake.job.source.TopicSource;
import io.quotelake.job.task.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A topic that loses records, or is another one than before, on a real broker: the job says so and
 * ends, and its table holds what was read of the first one, once.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SourceChecksTest {

    private static final InMemoryReporter METRICS = InMemoryReporter.createWithRetainedMetrics();

    @RegisterExtension
    private static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .setConfiguration(
                                    METRICS.addToConfiguration(
                                            new org.apache.flink.configuration.Configuration()))
                            .build());

    /** A record in another partition. */
    private static final int PULSE = 5_000;

    /** Why the source of a test is held up; null while it is not. */
    private static final AtomicReference<String> HELD_UP = new AtomicReference<>();

    private static TestBroker broker;

    private String topic;
    private TestLake lake;

    @BeforeAll
    static void startBroker(@TempDir Path directory) throws Exception {
        broker = new TestBroker(directory);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void createTopic(TestInfo test) throws Exception {
        HELD_UP.set(null);
        topic = "t" + Math.abs((test.getTestMethod() + test.getDisplayName()).hashCode());
        lake = TestLake.create(topic);
        broker.create(topic, 1);
    }

    private KafkaJob start(String savepoint, String... options) throws Exception {
        return KafkaJob.start(broker, topic, lake, savepoint, options);
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static List<Integer> both(List<Integer> one, List<Integer> other) {
        return Stream.concat(one.stream(), other.stream()).sorted().toList();
    }

    private void recreateTopic() throws Exception {
        broker.delete(topic);
        await().ignoreExceptions().untilAsserted(() -> broker.create(topic, 1));
    }

    /** Where the job starts; it is stopped with a savepoint when it has read 100 records. */
    private String savepointAt100(String startFrom) throws Exception {
        if (startFrom.equals("committed")) {
            broker.commit(KafkaJob.options(broker, topic, lake).groupId(), topic, 0);
        }
        KafkaJob job = start(null, "--start-from=" + startFrom).awaitRunning();
        broker.put(topic, 0, 0, 100);
        return job.awaitRows(100).stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"earliest", "latest", "2020-01-01T00:00:00Z", "committed"})
    void aResumedJobEndsWhenRecordsWereDeletedBeforeTheyWereRead(String startFrom)
            throws Exception {
        String savepoint = savepointAt100(startFrom);
        broker.put(topic, 0, 100, 200);
        broker.trim(topic, 0, 150);

        String sentence = start(savepoint, "--start-from=" + startFrom).awaitRefusal();

        assertThat(sentence)
                .contains("partition 0 of the topic '" + topic + "'")
                .contains("begins at offset 150")
                .contains("wants offset 100")
                .contains("50 records (offsets 100 to 149)")
                .contains("--on-data-loss skip");
        assertThat(KafkaJob.volumes(lake)).isEqualTo(numbers(0, 100));
    }

    @ParameterizedTest
    @ValueSource(strings = {"earliest", "latest", "2020-01-01T00:00:00Z", "committed"})
    void aResumedJobGoesOnWhenOnlyRecordsThatItHasReadWereDeleted(String startFrom)
            throws Exception {
        String savepoint = savepointAt100(startFrom);
        broker.trim(topic, 0, 100);
        broker.put(topic, 0, 100, 200);

        start(savepoint, "--start-from=" + startFrom).awaitRows(200).cancel();

        assertThat(KafkaJob.volumes(lake)).isEqualTo(numbers(0, 200));
    }

    @Test
    void skippingLosesWhatItSaysAndNoMore() throws Exception {
        String savepoint = savepointAt100("earliest");
        broker.put(topic, 0, 100, 200);
        broker.trim(topic, 0, 150);

        KafkaJob job = start(savepoint, "--on-data-loss=skip").awaitRows(150);
        broker.put(topic, 0, 200, 210);
        job.awaitRows(160);

        assertThat(lostRecords(job)).isEqualTo(50);
        job.cancel();
        assertThat(KafkaJob.volumes(lake)).isEqualTo(both(numbers(0, 100), numbers(150, 210)));
    }

    @Test
    void whatWasSkippedIsNotWantedAgain() throws Exception {
        String savepoint = savepointAt100("earliest");
        broker.put(topic, 0, 100, 200);
        broker.trim(topic, 0, 200);
        KafkaJob job = start(savepoint, "--on-data-loss=skip");
        await().untilAsserted(() -> assertThat(lostRecords(job)).isEqualTo(100));
        String later = job.awaitRunning().stop();
        broker.put(topic, 0, 200, 210);

        start(later).awaitRows(110).cancel();

        assertThat(KafkaJob.volumes(lake)).isEqualTo(both(numbers(0, 100), numbers(200, 210)));
    }

    private static long lostRecords(KafkaJob job) {
        return METRICS.findMetrics(job.client().getJobID(), "lostRecords").values().stream()
                .mapToLong(counter -> ((Counter) counter).getCount())
                .max()
                .orElse(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fail", "skip"})
    void aRunningJobNoticesThatRecordsWereDeletedBeforeItReadThem(String onDataLoss)
            throws Exception {
        KafkaJob job =
                startHeldUp(
                        "--on-data-loss=" + onDataLoss,
                        "--kafka-property=max.poll.records=1",
                        "--kafka-property=max.partition.fetch.bytes=1",
                        "--kafka-property=fetch.max.bytes=1");
        broker.put(topic, 0, 0, 100);
        broker.trim(topic, 0, 60);
        HELD_UP.set(null);

        if (onDataLoss.equals("fail")) {
            assertThat(job.awaitRefusal()).contains("begins at offset 60").contains("to 59)");
            return;
        }
        broker.put(topic, 0, 100, 110);
        await().untilAsserted(() -> assertThat(KafkaJob.volumes(lake)).contains(109));
        int lost = (int) lostRecords(job);
        job.cancel();
        assertThat(lost).isBetween(1, 60);
        assertThat(KafkaJob.volumes(lake)).isEqualTo(both(numbers(0, 60 - lost), numbers(60, 110)));
    }

    private KafkaJob startHeldUp(String... options) throws Exception {
        HELD_UP.set("the test wants it");
        JobOptions job = KafkaJob.options(broker, topic, lake, options);
        KafkaCheck kafka = KafkaCheck.run(job);
        TopicSource source = StockMarketJob.source(job, kafka.topic());
        StreamExecutionEnvironment environment = KafkaJob.environment(null);
        StockMarketJob.define(
                environment,
                job,
                kafka,
                new PausableSource<>(source, source.getProducedType(), new HeldUp()));
        return KafkaJob.of(lake, environment.executeAsync(topic)).awaitRunning();
    }

    @Test
    void aCommittedOffsetThatIsGoneEndsTheJob() throws Exception {
        broker.put(topic, 0, 0, 100);
        broker.trim(topic, 0, 50);
        broker.commit("mine", topic, 20);

        String sentence = start(null, "--start-from=committed", "--group-id=mine").awaitRefusal();

        assertThat(sentence).contains("wants offset 20").contains("30 records (offsets 20 to 49)");
    }

    @Test
    void aPartitionOfWhichTheGroupHasCommittedNothingEndsTheJob() throws Exception {
        broker.put(topic, 0, 0, 100);

        String sentence = start(null, "--start-from=committed", "--group-id=new").awaitRefusal();

        assertThat(sentence)
                .contains("committed no offset of partition 0 of the topic '" + topic + "'")
                .contains("--group-id", "--reset-offsets");
        assertThat(KafkaJob.volumes(lake)).isEmpty();
    }

    @Test
    void anEmptyPartitionNeedsNoCommittedOffset() throws Exception {
        KafkaJob job = start(null, "--start-from=committed", "--group-id=new").awaitRunning();
        broker.put(topic, 0, 0, 100);

        job.awaitRows(100).stop();

        assertThat(KafkaJob.volumes(lake)).isEqualTo(numbers(0, 100));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fail", "skip"})
    void aLogThatEndsBeforeThePositionEndsTheJob(String onDataLoss) throws Exception {
        broker.put(topic, 0, 0, 100);
        broker.commit("mine", topic, 300);

        String sentence =
                start(
                                null,
                                "--start-from=committed",
                                "--group-id=mine",
                                "--on-data-loss=" + onDataLoss)
                        .awaitRefusal();

        assertThat(sentence)
                .contains("ends at offset 100")
                .contains("wants offset 300")
                .contains("the last 200 records")
                .contains("--output");
        assertThat(KafkaJob.volumes(lake)).isEmpty();
    }

    @Test
    void aPositionIsKnownBeforeTheFirstRecord() throws Exception {
        String savepoint = start(null).awaitRunning().stop();
        broker.put(topic, 0, 0, 100);
        broker.trim(topic, 0, 10);

        assertThat(start(savepoint).awaitRefusal()).contains("wants offset 0");
    }

    @Test
    void ofAPartitionThatIsNewEveryRecordIsWanted() throws Exception {
        String savepoint = savepointAt100("latest");
        broker.addPartitions(topic, 2);
        broker.put(topic, 1, 100, 200);
        broker.trim(topic, 1, 50);

        assertThat(start(savepoint, "--start-from=latest").awaitRefusal())
                .contains("partition 1")
                .contains("wants offset 0");
    }

    @Test
    void ofAPartitionThatIsNewEveryRecordIsRead() throws Exception {
        String savepoint = savepointAt100("latest");
        broker.addPartitions(topic, 2);
        broker.put(topic, 1, 100, 200);

        start(savepoint, "--start-from=latest").awaitRows(200).cancel();

        assertThat(KafkaJob.volumes(lake)).isEqualTo(numbers(0, 200));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void transactionMarkersAndAbortedRecordsAreNoLoss(boolean committed) throws Exception {
        broker.addPartitions(topic, 2);
        KafkaJob job = start(null);
        broker.put(topic, 0, 0, 10);
        broker.putInTransaction(topic, 10, 20, committed);
        awaitPosition(21);
        String savepoint = job.stop();
        broker.trim(topic, 0, 21);
        broker.put(topic, 0, 20, 30);

        KafkaJob resumed = start(savepoint);

        await().untilAsserted(() -> assertThat(KafkaJob.volumes(lake)).contains(29));
        resumed.cancel();
        assertThat(KafkaJob.volumes(lake).stream().filter(volume -> volume != PULSE).toList())
                .isEqualTo(committed ? numbers(0, 30) : both(numbers(0, 10), numbers(20, 30)));
    }

    /** Offsets are committed between two polls, and those wait for records, of any partition. */
    private void awaitPosition(long offset) {
        String group = KafkaJob.options(broker, topic, lake).groupId();
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(
                        () -> {
                            broker.put(topic, 1, PULSE, PULSE + 1);
                            assertThat(broker.committed(group, topic)).isEqualTo(offset);
                        });
    }

    @Test
    void whatACompactionRemovedIsNoLoss() throws Exception {
        String compacted = topic + "-compacted";
        broker.createCompacted(compacted);
        KafkaJob job = KafkaJob.start(broker, compacted, lake, null);
        broker.put(compacted, 0, 0, 10);
        String savepoint = job.awaitRows(10).stop();
        broker.put(compacted, 0, 10, 100);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(
                        () -> {
                            broker.put(compacted, 0, 100, 101);
                            assertThat(broker.values(compacted)).hasSizeLessThan(10);
                        });
        broker.put(compacted, 0, 200, 201);

        KafkaJob resumed = KafkaJob.start(broker, compacted, lake, savepoint);

        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(KafkaJob.volumes(lake)).contains(200));
        assertThat(lostRecords(resumed)).isZero();
        resumed.cancel();
        assertThat(KafkaJob.volumes(lake)).startsWith(numbers(0, 10).toArray(new Integer[0]));
    }

    @Test
    void aJobThatCannotAskForItsTopicWaitsWithItsCheckpoint() throws Exception {
        KafkaJob job = start(null);
        broker.put(topic, 0, 0, 100);
        job.awaitRows(100);
        broker.put(topic, 0, 100, 200);
        broker.stop();
        broker.start();
        broker.put(topic, 0, 200, 300);
        job.awaitRows(300);

        assertThat(restarts(job)).isZero();
        job.cancel();
        assertThat(KafkaJob.volumes(lake)).isEqualTo(numbers(0, 300));
    }

    @SuppressWarnings("unchecked")
    private static long restarts(KafkaJob job) {
        return METRICS.findMetrics(job.client().getJobID(), "numRestarts").values().stream()
                .mapToLong(gauge -> ((Gauge<Number>) gauge).getValue().longValue())
                .max()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 150})
    void aJobIsNotResumedOnATopicThatWasCreatedAnew(int records) throws Exception {
        String savepoint = savepointAt100("earliest");
        recreateTopic();
        broker.put(topic, 0, 1_000, 1_000 + records);

        String sentence = start(savepoint).awaitRefusal();

        assertThat(sentence).contains("created anew").contains("--output").contains("--append");
        assertThat(KafkaJob.volumes(lake)).isEqualTo(numbers(0, 100));
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 150})
    void aRunningJobEndsWhenItsTopicIsCreatedAnewAndPublishesNothingOfIt(int records)
            throws Exception {
        KafkaJob job = start(null);
        broker.put(topic, 0, 0, 100);
        job.awaitRows(100);
        recreateTopic();
        broker.put(topic, 0, 1_000, 1_000 + records);

        String sentence = job.awaitRefusal();

        assertThat(sentence).contains("created anew").contains("--output").contains("--append");
        assertThat(KafkaJob.volumes(lake)).isEqualTo(numbers(0, 100));
    }

    @Test
    void aRunningJobEndsWhenItsTopicIsDeleted() throws Exception {
        KafkaJob job = start(null);
        broker.put(topic, 0, 0, 100);
        job.awaitRows(100);
        broker.delete(topic);

        assertThat(job.awaitRefusal()).contains("'" + topic + "' was deleted");
        assertThat(KafkaJob.volumes(lake)).isEqualTo(numbers(0, 100));
    }

    @Test
    void aSavepointGoesOnWithItsOwnTopicOnly() throws Exception {
        String savepoint = savepointAt100("earliest");
        String other = topic + "-other";
        broker.create(other, 1);
        broker.put(other, 0, 1_000, 1_100);

        String sentence =
                KafkaJob.start(broker, other, lake, savepoint, "--start-from=earliest")
                        .awaitRefusal();

        assertThat(sentence).contains("'" + topic + "', not '" + other + "'");
        assertThat(KafkaJob.volumes(lake)).isEqualTo(numbers(0, 100));
    }

    @Test
    void theClientRefusesWhatTheJobWouldRefuse() throws Exception {
        String savepoint = savepointAt100("earliest");
        String other = topic + "-other";
        broker.create(other, 1);
        broker.put(topic, 0, 100, 200);

        define(savepoint, topic);
        assertThatThrownBy(() -> define(savepoint, other))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("'" + topic + "', not '" + other + "'");
        broker.trim(topic, 0, 150);
        assertThatThrownBy(() -> define(savepoint, topic))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("50 records (offsets 100 to 149)");
        define(savepoint, topic, "--on-data-loss=skip");
        recreateTopic();
        assertThatThrownBy(() -> define(savepoint, topic, "--on-data-loss=skip"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("created anew");
    }

    private void define(String savepoint, String from, String... options) throws Exception {
        StockMarketJob.define(
                KafkaJob.environment(savepoint), KafkaJob.options(broker, from, lake, options));
    }

    @Test
    void aSavepointOfTheConnectorsOwnSourceIsTakenOver() throws Exception {
        JobOptions options = KafkaJob.options(broker, topic, lake);
        broker.addPartitions(topic, 2);
        KafkaJob stock = startStockSource(options);
        broker.put(topic, 0, 0, 100);
        String savepoint = stock.awaitRows(100).stop();
        broker.put(topic, 0, 100, 150);
        broker.put(topic, 1, 150, 200);

        KafkaJob job = start(savepoint).awaitRows(200);
        recreateTopic();

        assertThat(job.awaitRefusal()).contains("created anew");
        assertThat(KafkaJob.volumes(lake)).isEqualTo(numbers(0, 200));
    }

    private KafkaJob startStockSource(JobOptions options) throws Exception {
        KafkaSource<SourceRecord> source =
                KafkaSource.<SourceRecord>builder()
                        .setBootstrapServers(options.bootstrapServers())
                        .setTopics(topic)
                        .setGroupId("stock")
                        .setStartingOffsets(OffsetsInitializer.earliest())
                        .setDeserializer(new SourceRecordDeserializer())
                        .build();
        StreamExecutionEnvironment environment = KafkaJob.environment(null);
        StockMarketJob.define(environment, options, KafkaCheck.run(options), source);
        return KafkaJob.of(lake, environment.executeAsync(topic));
    }

    @Test
    void deadLettersOutliveAChangeOfGroup() throws Exception {
        KafkaJob first = start(null, "--group-id=one");
        broker.putText(topic, "first");
        await().until(() -> broker.values(topic + ".dead-letters").size() == 1);
        broker.putText(topic, "second");
        String savepoint = first.stop();
        KafkaJob second = start(savepoint, "--group-id=two");
        broker.putText(topic, "third");

        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(
                        () ->
                                assertThat(broker.values(topic + ".dead-letters"))
                                        .containsExactly("first", "second", "third"));
        second.cancel();
    }

    @Test
    void twoTablesOfOneTopicHaveDeadLettersOfTheirOwn() throws Exception {
        TestLake otherLake = TestLake.create(topic + "-other");
        KafkaJob one = start(null);
        broker.putText(topic, "first");
        await().until(() -> broker.values(topic + ".dead-letters").size() == 1);
        KafkaJob other = KafkaJob.start(broker, topic, otherLake, null);
        broker.putText(topic, "second");

        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(
                        () ->
                                assertThat(broker.values(topic + ".dead-letters"))
                                        .containsExactlyInAnyOrder(
                                                "first", "first", "second", "second"));
        one.cancel();
        other.cancel();
    }

    @Test
    void aStateOlderThanTheDeadLettersIsRefusedThoughNoFileWasPublishedSince() throws Exception {
        KafkaJob first = start(null);
        sendLetter("first", 1);
        String older = first.savepoint();
        sendLetter("second", 2);
        String newest = first.stop();

        assertThat(start(older).awaitRefusal()).contains("is not the newest of " + lake.table());

        KafkaJob resumed = start(newest);
        sendLetter("third", 3);
        resumed.cancel();
        assertThat(broker.values(topic + ".dead-letters"))
                .containsExactly("first", "second", "third");
    }

    @Test
    void aJobThatIsRefusedLeavesTheTransactionsOfTheRunningOneAlone() throws Exception {
        KafkaJob job = start(null);
        sendLetter("first", 1);
        String older = job.savepoint();
        sendLetter("second", 2);

        for (String state : Arrays.asList(null, older)) {
            broker.putText(topic, "beside " + state);
            start(state).awaitRefusal();
        }

        sendLetter("last", 5);
        assertThat(restarts(job)).isZero();
        job.cancel();
    }

    private void sendLetter(String text, int letters) throws Exception {
        broker.putText(topic, text);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> broker.values(topic + ".dead-letters").size() == letters);
    }

    /** A pause that only the test ends: there is ever less of what it waits for. */
    private static final class HeldUp implements PausableSource.Reason {

        private static final long serialVersionUID = 1L;

        @Override
        public String sentence() {
            return HELD_UP.get();
        }

        @Override
        public long amount() {
            return -System.nanoTime();
        }
    }
}
