package io.quotelake.benchmark.spark;

import java.io.OutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.StructType;

/**
 * The same lake, written by Spark's Structured Streaming: everything that the topic holds at the
 * start, as JSON files in folders by index and date, whose commit is Spark's own file log.
 *
 * <p>Arguments: brokers, topic, output prefix ({@code s3a://…}), directory of checkpoints, S3
 * endpoint. The keys are taken from {@code AWS_ACCESS_KEY_ID} and {@code AWS_SECRET_ACCESS_KEY}.
 * Standard output gets two lines, {@code begin} when Spark is up and the query starts, and {@code
 * end}; then the process stays, so that it can be measured, until its standard input ends.
 */
public final class SparkJob {
    private static final String QUOTE =
            "index STRING, date STRING, open DOUBLE, high DOUBLE, low DOUBLE, close DOUBLE,"
                    + " adj_close DOUBLE, volume BIGINT, close_usd DOUBLE";

    private SparkJob() {}

    public static void main(String[] args) throws Exception {
        if (args.length != 5) {
            throw new IllegalArgumentException(
                    "Usage: SparkJob BROKERS TOPIC OUTPUT CHECKPOINTS ENDPOINT");
        }
        try (SparkSession spark = session(args[4])) {
            System.out.println("begin");
            quotes(spark, args[0], args[1])
                    .writeStream()
                    .format("json")
                    .partitionBy("index", "date")
                    .option("path", args[2])
                    .option("checkpointLocation", args[3])
                    .trigger(Trigger.AvailableNow())
                    .start()
                    .awaitTermination();
            System.out.println("end");
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static SparkSession session(String endpoint) {
        return SparkSession.builder()
                .appName("Quotes to JSON")
                .master("local[2]")
                .config("spark.ui.enabled", false)
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                // A date stays the text that it is.
                .config("spark.sql.sources.partitionColumnTypeInference.enabled", false)
                .config("spark.hadoop.fs.s3a.endpoint", endpoint)
                .config("spark.hadoop.fs.s3a.endpoint.region", "us-east-1")
                .config("spark.hadoop.fs.s3a.path.style.access", true)
                .config("spark.hadoop.fs.s3a.connection.ssl.enabled", false)
                // As fast as it can be: no look before a file is created, parts kept in memory.
                .config("spark.hadoop.fs.s3a.performance.flag", "*")
                .config("spark.hadoop.fs.s3a.fast.upload.buffer", "bytebuffer")
                .getOrCreate();
    }

    private static Dataset<Row> quotes(SparkSession spark, String brokers, String topic) {
        return spark.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", brokers)
                .option("kafka.isolation.level", "read_committed")
                .option("subscribe", topic)
                .option("startingOffsets", "earliest")
                .load()
                .select(
                        functions
                                .from_json(
                                        functions.col("value").cast("string"),
                                        StructType.fromDDL(QUOTE))
                                .as("quote"))
                .selectExpr(
                        "quote.date AS trade_date",
                        "quote.open",
                        "quote.high",
                        "quote.low",
                        "quote.close",
                        "quote.adj_close",
                        "quote.volume",
                        "quote.close_usd",
                        "quote.index",
                        "quote.date");
    }
}
