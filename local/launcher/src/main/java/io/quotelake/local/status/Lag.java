package io.quotelake.local.status;

import com.fasterxml.jackson.databind.JsonNode;
import io.quotelake.flink.FlinkRest;
import io.quotelake.terminal.Failure;
import io.quotelake.verifier.topic.TopicAdmin;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * What a job has not read yet, up to the newest record of its topic.
 *
 * @param readable records that it may read
 * @param behindTransaction offsets behind an open transaction: nobody may read them before that
 *     ends, and the job's own lag doesn't count them
 * @param who holds the oldest of these transactions, where the brokers say so
 */
public record Lag(long readable, long behindTransaction, Optional<String> who) {

    /**
     * The lag of a job.
     *
     * @param pending what the job itself counts
     */
    public static Lag of(FlinkRest rest, String job, long pending)
            throws IOException, InterruptedException {
        JsonNode options =
                rest.get("/jobs/" + job + "/config").path("execution-config").path("user-config");
        Map<String, Object> kafka =
                Map.of(
                        "bootstrap.servers", options.path("bootstrap-servers").asText(),
                        "default.api.timeout.ms", 600,
                        "request.timeout.ms", 500);
        try (TopicAdmin admin = new TopicAdmin(kafka)) {
            List<TopicPartition> partitions = admin.partitions(options.path("topic").asText());
            // In this order what comes meanwhile is not taken for what a transaction holds.
            Map<TopicPartition, Long> ends = admin.highWatermarks(partitions);
            Map<TopicPartition, Long> stable = admin.lastStableOffsets(partitions);
            long behind = 0;
            Optional<String> who = Optional.empty();
            for (TopicPartition partition : partitions) {
                long more = ends.get(partition) - stable.get(partition);
                if (more > 0) {
                    behind += more;
                    who = who.isPresent() ? who : admin.oldestTransaction(partition);
                }
            }
            return new Lag(pending, behind, who);
        } catch (KafkaException | Failure e) {
            // A broker that is away, or wants a password: the job's own figure is what there is.
            return new Lag(pending, 0, Optional.empty());
        }
    }

    /** As a person reads it. */
    @Override
    public String toString() {
        String all = String.format(Locale.ROOT, "%,d", readable + behindTransaction);
        return behindTransaction == 0
                ? all
                : String.format(
                        Locale.ROOT,
                        "%s, %,d of them behind an open transaction of %s",
                        all,
                        behindTransaction,
                        who.orElse("a producer that the broker does not name"));
    }
}
