package io.quotelake.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import io.quotelake.job.lake.CheckpointedFileSystem;
import io.quotelake.job.lake.Compression;
import io.quotelake.job.quote.DeadLetter;
import io.quotelake.job.source.SourceRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.Encoder;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.BasePathBucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;
import org.apache.flink.util.FileUtils;

/**
 * A table and its dead letters in files under {@code target/}, and the real graph that fills them:
 * record number n has offset n in partition 0.
 */
final class TestLake {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SLOW_RECORDS_PER_CHECKPOINT = 500;

    /** The value of a record, by its number. */
    interface ValueFunction extends Serializable {
        byte[] valueOf(long number);
    }

    /** A row and the folder that it was found in. */
    record Row(String folder, String line) {}

    private final String name;
    private final List<String> options = new ArrayList<>();
    private String table;
    private boolean restarting;
    private boolean slow;
    private boolean troubled;

    private TestLake(String name) {
        this.name = name.toLowerCase();
        this.table = "lake:///" + this.name + "/table";
    }

    /** An empty one. */
    static TestLake create(String name) throws IOException {
        TestLake lake = new TestLake(name);
        FileUtils.deleteDirectory(lake.root().toFile());
        return lake;
    }

    /** What others have written, or nothing. */
    static TestLake existing(String name) {
        return new TestLake(name);
    }

    /** Options of the job. */
    TestLake with(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    /** With the table elsewhere; then {@link #lines} and {@link #rows} don't find it. */
    TestLake withTable(String uri) {
        table = uri;
        return this;
    }

    /** Failures restart the job; otherwise they end it. */
    TestLake restarting() {
        restarting = true;
        return this;
    }

    /** Some hundred records a checkpoint. */
    TestLake slowly() {
        slow = true;
        return this;
    }

    /** The graph with {@link Trouble} behind its source. */
    void defineWithTrouble(
            StreamExecutionEnvironment environment, long records, ValueFunction values) {
        troubled = true;
        define(environment, records, values);
    }

    /** Runs the graph to its end. */
    void run(long records, ValueFunction values) throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment();
        define(environment, records, values);
        environment.execute(name);
    }

    void define(StreamExecutionEnvironment environment, long records, ValueFunction values) {
        List<String> arguments = new ArrayList<>(options);
        arguments.add("--bootstrap-servers=unused:9092");
        arguments.add("--output=" + table());
        JobOptions job = JobOptions.parse(variable -> null, arguments.toArray(new String[0]));
        Duration checkpointInterval = Duration.ofMillis(slow ? 100 : 1_000);
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY, restarting ? "fixed-delay" : "disable");
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(10));
        environment.configure(configuration);
        environment.setParallelism(slow ? environment.getParallelism() : 2);
        environment.enableCheckpointing(checkpointInterval.toMillis());
        SingleOutputStreamOperator<SourceRecord> source =
                environment
                        .fromSource(
                                source(records, values),
                                WatermarkStrategy.noWatermarks(),
                                StockMarketPipeline.SOURCE_NAME)
                        .uid(StockMarketPipeline.SOURCE_UID);
        StockMarketPipeline.define(
                troubled
                        ? source.transform("Trouble", source.getType(), new Trouble())
                                .uid("trouble")
                        : source,
                StockMarketJob.parser(job),
                StockMarketJob.lake(job, StockMarketJob.run(job, null), checkpointInterval),
                deadLetterFiles());
    }

    private DataGeneratorSource<SourceRecord> source(long records, ValueFunction values) {
        GeneratorFunction<Long, SourceRecord> generator =
                number -> {
                    SourceRecord record = new SourceRecord();
                    record.topic = "stock_market";
                    record.offset = number;
                    record.timestamp = number;
                    record.value = values.valueOf(number);
                    return record;
                };
        return new DataGeneratorSource<>(
                generator,
                records,
                slow
                        ? RateLimiterStrategy.perCheckpoint(SLOW_RECORDS_PER_CHECKPOINT)
                        : RateLimiterStrategy.noOp(),
                TypeInformation.of(SourceRecord.class));
    }

    private FileSink<DeadLetter> deadLetterFiles() {
        Encoder<DeadLetter> offsetAndReason =
                (letter, file) ->
                        file.write(
                                (letter.offset + " " + letter.reason + "\n")
                                        .getBytes(StandardCharsets.UTF_8));
        return FileSink.forRowFormat(
                        new org.apache.flink.core.fs.Path("lake:///" + name + "/dead-letters"),
                        offsetAndReason)
                .withBucketAssigner(new BasePathBucketAssigner<>())
                .withRollingPolicy(OnCheckpointRollingPolicy.build())
                .build();
    }

    String table() {
        return table;
    }

    Path root() {
        return CheckpointedFileSystem.locate("lake:///" + name);
    }

    /** The table's lines by folder. */
    Map<String, List<String>> lines() throws IOException {
        Map<String, List<String>> lines = new TreeMap<>();
        Path table = CheckpointedFileSystem.locate(table());
        for (Path file : files(table)) {
            lines.computeIfAbsent(
                            table.relativize(file.getParent()).toString(), key -> new ArrayList<>())
                    .addAll(read(file));
        }
        return lines;
    }

    /** The table's rows by offset; none stands twice. */
    Map<Long, Row> rows() throws IOException {
        Map<Long, Row> rows = new HashMap<>();
        for (Map.Entry<String, List<String>> folder : lines().entrySet()) {
            for (String line : folder.getValue()) {
                long offset = JSON.readTree(line).get("kafka_offset").longValue();
                Row twin = rows.put(offset, new Row(folder.getKey(), line));
                assertThat(twin).as("the row of offset %d stands twice", offset).isNull();
            }
        }
        return rows;
    }

    /** The files of dead letters that are not open: a job may be running. */
    List<Path> writtenDeadLetters() throws IOException {
        return files(root().resolve("dead-letters")).stream()
                .filter(file -> !file.getFileName().toString().startsWith("."))
                .toList();
    }

    /** The dead letters' reasons by offset; none stands twice. */
    Map<Long, String> deadLetters() throws IOException {
        Map<Long, String> letters = new HashMap<>();
        for (Path file : writtenDeadLetters()) {
            for (String line : read(file)) {
                String[] offsetAndReason = line.split(" ");
                String twin = letters.put(Long.parseLong(offsetAndReason[0]), offsetAndReason[1]);
                assertThat(twin).as("dead letter %s stands twice", line).isNull();
            }
        }
        return letters;
    }

    /** Whatever lies beside the table's part files and the dead letters. */
    List<Path> strayFiles(Compression compression) throws IOException {
        String partFile =
                switch (compression) {
                    case NONE -> "part-.*\\.json";
                    case GZIP -> "part-.*\\.json\\.gz";
                    case ZSTD -> "part-.*\\.json\\.zst";
                };
        return files(root()).stream()
                .filter(file -> !file.startsWith(root().resolve("dead-letters")))
                .filter(file -> !file.equals(root().resolve("table.owner.json")))
                .filter(file -> !file.getFileName().toString().matches(partFile))
                .toList();
    }

    private static List<Path> files(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        files.add(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e)
                            throws IOException {
                        if (e instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE; // Renamed since it was listed.
                        }
                        throw e;
                    }
                });
        return files;
    }

    private static List<String> read(Path file) throws IOException {
        try (InputStream in = decompressed(file)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text).as("%s", file).endsWith("\n");
            return text.lines().toList();
        }
    }

    private static InputStream decompressed(Path file) throws IOException {
        InputStream raw = Files.newInputStream(file);
        String name = file.toString();
        if (name.endsWith(".gz")) {
            return new GZIPInputStream(raw);
        }
        return name.endsWith(".zst") ? new ZstdInputStream(raw) : raw;
    }
}
