package io.quotelake.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quotelake.job.lake.Compression;
import io.quotelake.job.quote.DateGranularity;
import io.quotelake.job.quote.HostileRecords;
import io.quotelake.job.quote.RandomQuotes;
import io.quotelake.job.quote.RandomQuotes.Spelling;
import io.quotelake.job.quote.RandomQuotes.Values;
import io.quotelake.job.source.SourceRecord;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The real graph on a cluster in this process, with a bounded source and files as sinks. */
class StockMarketPipelineTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern FOLDER =
            Pattern.compile(
                    "index=(?!.*\\.\\.)[A-Za-z0-9][A-Za-z0-9._-]{0,31}/date=\\d{4}-\\d{2}-\\d{2}");

    /** Hostile records in the ordinary build; a million with -Dquotelake.fuzz.records=1000000. */
    private static final int FUZZ_RECORDS = Integer.getInteger("quotelake.fuzz.records", 50_000);

    @RegisterExtension
    private static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    private static final AtomicBoolean HAS_FAILED = new AtomicBoolean();

    private static byte[] ordinaryQuote(long number) {
        RandomQuotes quotes = new RandomQuotes(number);
        return quotes.json(quotes.ordinaryValues(), Spelling.MIXED);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void everyQuoteIsARowInItsFolderWithItsValues(Compression compression) throws Exception {
        int quotes = 5_000;
        TestLake lake = TestLake.create("values-" + compression);

        lake.with("--compression=" + compression)
                .run(quotes, StockMarketPipelineTest::ordinaryQuote);

        Map<Long, TestLake.Row> rows = lake.rows();
        assertThat(rows).hasSize(quotes);
        for (long offset = 0; offset < quotes; offset++) {
            Values values = new RandomQuotes(offset).ordinaryValues();
            TestLake.Row row = rows.get(offset);
            assertThat(row.folder())
                    .isEqualTo("index=" + values.index() + "/date=" + values.date());
            JsonNode json = JSON.readTree(row.line());
            assertThat(json.get("trade_date").textValue()).isEqualTo(values.date().toString());
            assertThat(json.get("close").doubleValue()).isEqualTo(values.close());
            assertThat(json.get("volume").longValue()).isEqualTo(values.volume());
        }
        assertThat(lake.deadLetters()).isEmpty();
        assertThat(lake.strayFiles(compression)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"DAY, 2008-09-01", "MONTH, 2008-09", "YEAR, 2008"})
    void foldersHoldADayAMonthOrAYear(DateGranularity granularity, String date) throws Exception {
        TestLake lake = TestLake.create("granularity-" + granularity);

        lake.with("--date-granularity=" + granularity, "--no-lineage")
                .run(1, number -> quoteOf("HSI", "2008-09-01"));

        assertThat(lake.lines().keySet()).containsExactly("index=HSI/date=" + date);
        assertThat(lake.lines().values().iterator().next().get(0))
                .isEqualTo(
                        "{\"trade_date\":\"2008-09-01\",\"open\":1.5,\"high\":1.5,\"low\":1.5,"
                                + "\"close\":1.5,\"adj_close\":null,\"volume\":7,"
                                + "\"close_usd\":null}");
    }

    private static byte[] quoteOf(String index, String date) {
        return String.format(
                        Locale.ROOT,
                        "{\"index\":\"%s\",\"date\":\"%s\",\"open\":1.5,\"high\":1.5,\"low\":1.5,"
                                + "\"close\":1.5,\"volume\":7}",
                        index,
                        date)
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    void everyHostileRecordIsOneRowOrOneDeadLetterAndNothingRestarts() throws Exception {
        TestLake lake = TestLake.create("hostile");

        lake.run(FUZZ_RECORDS, HostileRecords::value);

        Map<Long, TestLake.Row> rows = lake.rows();
        Map<Long, String> deadLetters = lake.deadLetters();
        assertThat(rows.size() + deadLetters.size()).isEqualTo(FUZZ_RECORDS);
        assertThat(rows.keySet().stream().filter(deadLetters::containsKey)).isEmpty();
        assertThat(deadLetters.values())
                .contains(
                        "EMPTY",
                        "TOO_LARGE",
                        "NOT_JSON",
                        "MISSING_FIELD",
                        "BAD_INDEX",
                        "BAD_DATE",
                        "BAD_NUMBER",
                        "INCONSISTENT_PRICES");
        assertThat(rows.values()).allSatisfy(row -> assertThat(row.folder()).matches(FOLDER));
        assertThat(lake.strayFiles(Compression.NONE)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void afterAFailureEveryRecordIsThereExactlyOnce(Compression compression) throws Exception {
        int records = 3_000;
        HAS_FAILED.set(false);
        TestLake lake = TestLake.create("failure-" + compression);

        lake.with("--compression=" + compression, "--roll-interval=1h")
                .restarting()
                .slowly()
                .run(
                        records,
                        number -> {
                            boolean isBeyondACheckpoint = number > records / 2;
                            if (isBeyondACheckpoint && HAS_FAILED.compareAndSet(false, true)) {
                                throw new IllegalStateException("the failure of this test");
                            }
                            return HostileRecords.value(number);
                        });

        assertThat(HAS_FAILED).isTrue();
        assertThat(lake.rows().size() + lake.deadLetters().size()).isEqualTo(records);
        assertThat(lake.strayFiles(compression)).isEmpty();
    }

    @Test
    void theGraphIsOneTaskAndItsNamesAreSentences() throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment();
        TestLake.create("graph").define(environment, 1, HostileRecords::value);

        var vertices = environment.getStreamGraph().getJobGraph().getVerticesAsArray();

        assertThat(vertices).hasSize(1);
        assertThat(vertices[0].getName())
                .contains(
                        "Quotes from Kafka",
                        "Parse",
                        "Part files: Writer",
                        "Part files: Committer",
                        "Dead letters");
    }

    @Test
    void recordsAreSerialisedWithoutKryo() {
        org.apache.flink.types.PojoTestUtils.assertSerializedAsPojoWithoutKryo(SourceRecord.class);
        org.apache.flink.types.PojoTestUtils.assertSerializedAsPojoWithoutKryo(
                io.quotelake.job.quote.QuoteRow.class);
        org.apache.flink.types.PojoTestUtils.assertSerializedAsPojoWithoutKryo(
                io.quotelake.job.quote.DeadLetter.class);
    }
}
