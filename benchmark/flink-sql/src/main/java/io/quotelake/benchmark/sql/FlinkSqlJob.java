package io.quotelake.benchmark.sql;

import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;

/**
 * The same lake, written by Flink SQL: a table over the topic, a partitioned table over the bucket,
 * one INSERT.
 *
 * <p>Arguments: brokers, topic, output prefix; with a fourth, {@code stream}, it goes on for ever,
 * else it ends at what the topic holds at the start.
 */
public final class FlinkSqlJob {

    private FlinkSqlJob() {}

    public static void main(String[] args) {
        if (args.length < 3) {
            throw new IllegalArgumentException("Usage: FlinkSqlJob BROKERS TOPIC OUTPUT [stream]");
        }
        boolean bounded = args.length == 3;
        TableEnvironment tables = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
        tables.executeSql(quotes(args[0], args[1], bounded));
        tables.executeSql(lake(args[2]));
        tables.executeSql(
                "INSERT INTO lake SELECT `date`, `open`, high, low, `close`, adj_close, volume, close_usd,"
                        + " `index`, `date` FROM quotes");
    }

    private static String quotes(String brokers, String topic, boolean bounded) {
        return "CREATE TABLE quotes (`index` STRING, `date` STRING, `open` DOUBLE, high DOUBLE, low DOUBLE,"
                + " `close` DOUBLE, adj_close DOUBLE, volume BIGINT, close_usd DOUBLE) WITH ("
                + "'connector' = 'kafka', 'topic' = '"
                + topic
                + "', 'properties.bootstrap.servers' = '"
                + brokers
                + "',"
                + "'properties.isolation.level' = 'read_committed', 'scan.startup.mode' = 'earliest-offset',"
                + (bounded ? "'scan.bounded.mode' = 'latest-offset'," : "")
                + "'format' = 'json')";
    }

    private static String lake(String output) {
        return "CREATE TABLE lake (trade_date STRING, `open` DOUBLE, high DOUBLE, low DOUBLE, `close` DOUBLE,"
                + " adj_close DOUBLE, volume BIGINT, close_usd DOUBLE, `index` STRING, `date` STRING)"
                + " PARTITIONED BY (`index`, `date`) WITH ("
                + "'connector' = 'filesystem', 'path' = '"
                + output
                + "', 'format' = 'json')";
    }
}
