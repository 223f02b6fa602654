package io.quotelake.verifier;

import io.quotelake.flink.FlinkRest;
import io.quotelake.terminal.Console;
import io.quotelake.terminal.Failure;
import java.nio.file.Path;
import java.util.Optional;

/** What a command takes where no option names another one. */
public interface Surroundings {

    /** The object whose annotations have the commands. */
    interface Of {
        Surroundings surroundings();
    }

    /**
     * A stack that runs on this machine.
     *
     * @param flink the web address of its JobManager
     * @param lastReport the file that takes the newest report on its lake
     */
    record LocalStack(String bootstrapServers, FlinkRest flink, Path lastReport) {}

    Console console();

    /** The brokers that the environment names. */
    Optional<String> brokers();

    /**
     * The stack to look at when nobody names brokers.
     *
     * @throws Failure if none runs
     */
    LocalStack stack();

    /** The topic of the quotes. */
    String topic();

    /**
     * Where the job writes a topic's rows, {@code s3://BUCKET/PREFIX}.
     *
     * @throws Failure if nothing names the bucket
     */
    String table(String topic);

    /** The directory of the local S3 endpoint: a folder for each bucket. */
    Optional<Path> buckets();
}
