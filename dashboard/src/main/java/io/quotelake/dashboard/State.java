package io.quotelake.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * All that the page knows of the pipeline at a moment; it travels to browsers as JSON. Times are
 * milliseconds since 1970.
 *
 * @param now when this was put together
 * @param verdict how it is, in a line
 * @param source where the rows come from, if that is known
 * @param history samples of the last minutes, the oldest first
 * @param verified the report of the last verification; null if there is none
 */
record State(
        long now,
        Verdict verdict,
        Source source,
        Kafka kafka,
        Flink flink,
        Lake lake,
        List<Sample> history,
        JsonNode verified) {

    /**
     * The data.
     *
     * @param file that was published; null if that is not known
     * @param rows in the file
     */
    record Source(String file, long rows) {}

    /**
     * The topic.
     *
     * @param address the brokers; null if none were named
     * @param topics null while they are not known
     * @param problem a sentence; null if all is well
     */
    record Kafka(String address, String topic, KafkaWatch.Topics topics, String problem) {}

    /**
     * The cluster.
     *
     * @param address the web UI; null if none was named
     * @param cluster null while it is not known
     * @param problem a sentence; null if all is well
     */
    record Flink(String address, FlinkWatch.Cluster cluster, String problem) {}

    /**
     * The lake.
     *
     * @param engine what reads where
     * @param version changes with the rows
     * @param quotes rows; null while they are not known
     * @param exactlyOnce whether each row is another record of the topic; null while not known
     * @param newest timestamp in Kafka of the newest row, ISO 8601; null if there is none
     * @param problem a sentence; null if all is well
     */
    record Lake(
            String engine,
            long version,
            Engine.Reading reading,
            Long quotes,
            Boolean exactlyOnce,
            String newest,
            String problem) {}

    /**
     * The counts at a time.
     *
     * @param records in the topic; null while not known
     * @param quotes in the lake; null while not known
     */
    record Sample(long at, Long records, Long quotes) {}
}
